from ..base import Model
from ..models.error_description import ErrorDescription


class ErrorResponse(Model, frozen=True, kw_only=True):
    """The body of an error answer. Not guaranteed: proxies send HTML, and a 401 can be plain text.

    Attributes:
        status (int): HTTP status code, repeated from the status line.
        error (ErrorDescription): What went wrong.
    """

    status: int
    error: ErrorDescription
