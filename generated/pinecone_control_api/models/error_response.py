from __future__ import annotations

import attrs

from .. import base


@attrs.frozen(kw_only=True, eq=False, repr=False, getstate_setstate=False)
class ErrorResponse(base.Model):
    """The body of an error answer. Not guaranteed: proxies send HTML, and a 401 can be plain text.

    Attributes:
        status (int): HTTP status code, repeated from the status line.
        error (ErrorDescription): What went wrong.
    """

    status: int
    error: ErrorDescription


# Last, so that models can refer to each other.
from ..models.error_description import ErrorDescription
