from attrs import frozen

from ..base import Model
from ..models.error_description import ErrorDescription


@frozen(kw_only=True, eq=False, repr=False, getstate_setstate=False)
class ErrorResponse(Model):
    """The body of an error answer. Not guaranteed: proxies send HTML, and a 401 can be plain text.

    Attributes:
        status (int): HTTP status code, repeated from the status line.
        error (ErrorDescription): What went wrong.
    """

    status: int
    error: ErrorDescription
