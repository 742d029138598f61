from __future__ import annotations

from typing import Any

import attrs

from .. import base


@attrs.frozen(kw_only=True, eq=False, repr=False, getstate_setstate=False)
class ErrorDescription(base.Model):
    """What went wrong.

    Attributes:
        code (str): Kind of the error, for programs. Finer than the status code. Known
            values: `OK`, `UNKNOWN`, `INVALID_ARGUMENT`, `DEADLINE_EXCEEDED`, `QUOTA_EXCEEDED`,
            `NOT_FOUND`, `ALREADY_EXISTS`, `PERMISSION_DENIED`, `UNAUTHENTICATED`,
            `RESOURCE_EXHAUSTED`, `FAILED_PRECONDITION`, `ABORTED`, `OUT_OF_RANGE`,
            `UNIMPLEMENTED`, `INTERNAL`, `UNAVAILABLE`, `DATA_LOSS`, `FORBIDDEN`,
            `UNPROCESSABLE_ENTITY`, `PAYMENT_REQUIRED`; other values are kept.
        message (str): Explanation for people. Do not parse it: its wording may change.
        details (dict[str, Any], optional): Further facts about the error, in no fixed form.
            Often absent.
    """

    code: str
    message: str
    details: dict[str, Any] | None = None


# Last, so that models can refer to each other.
