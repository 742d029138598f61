"""Every error that leaves this package. Nothing of httpx, attrs or json ever does.

The text of an error is two lines: what was tried, on what, and what came back; then what to do
about it. `what` and `hint` hold them apart.
"""

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, Generic

from attrs import frozen

if TYPE_CHECKING:
    from typing_extensions import TypeVar

    T = TypeVar("T", default=Any)
else:
    from typing import TypeVar

    T = TypeVar("T")


@frozen(init=False)
class Call:
    """A call of the client, as data: `Call("describe_index", "movies")`."""

    method: str
    arguments: tuple[object, ...]
    keywords: Mapping[str, object]

    def __init__(self, method: str, *arguments: object, **keywords: object) -> None:
        self.__attrs_init__(method, arguments, keywords)  # pyright: ignore[reportAttributeAccessIssue]

    def __str__(self) -> str:
        given = [*map(repr, self.arguments), *(f"{k}={v!r}" for k, v in self.keywords.items())]
        return f"{self.method}({', '.join(given)})"


@frozen
class Argument:
    """An argument of the client or of a call, as data: `Argument("allow_plain_http", "True")`."""

    name: str
    value: str | None = None
    """As it is written in Python; None to name the argument alone."""

    def __str__(self) -> str:
        return self.name if self.value is None else f"{self.name}={self.value}"


@frozen(init=False)
class Advice:
    """What to do about an error: a sentence, with the steps that differ by front end as data.

    `str()` says the steps in Python; the command line says them as commands and options.
    """

    text: str
    """With one `{}` for each step; as it is without any."""
    steps: tuple[Call | Argument, ...]

    def __init__(self, text: str, *steps: Call | Argument) -> None:
        self.__attrs_init__(text, steps)  # pyright: ignore[reportAttributeAccessIssue]

    def said(self, say: Callable[[Call | Argument], str]) -> str:
        """Return the sentence with each step in the words of a front end."""
        first, *others = self.text.split("{}", len(self.steps))
        return first + "".join(
            say(step) + after for step, after in zip(self.steps, others, strict=True)
        )

    def __str__(self) -> str:
        return self.said(str)


class PineconeError(Exception):
    """The base of all errors of this package.

    Attributes:
        what: one line: what was tried and what happened.
        advice: what to do about it, as data.
        hint: the same as one line, in terms of Python; empty where there is nothing to add.
    """

    def __init__(self, what: str, *, hint: str | Advice = "") -> None:
        super().__init__(what)
        self.what = what
        self.advice = hint if isinstance(hint, Advice) else Advice(hint)

    @property
    def hint(self) -> str:
        return str(self.advice)

    @hint.setter
    def hint(self, hint: str | Advice) -> None:
        self.advice = hint if isinstance(hint, Advice) else Advice(hint)

    def __str__(self) -> str:
        return f"{self.what}\n{self.hint}" if self.hint else self.what

    def __reduce__(self) -> tuple[object, ...]:
        # The default would call the class with `args` alone, and fail on required keywords.
        return _rebuild, (type(self), self.args, self.__dict__)


def _rebuild(
    cls: type[PineconeError], args: tuple[object, ...], state: dict[str, object]
) -> PineconeError:
    error = cls.__new__(cls, *args)
    error.args = args  # an OSError, as a TimeoutError is, takes them in __init__ alone
    error.__dict__.update(state)
    return error


class PineconeValueError(PineconeError, ValueError):
    """An argument that cannot be right; refused before anything was sent."""


class CallError(PineconeError):
    """A call that was made and did not succeed.

    Attributes:
        operation: the contract's name of the operation, such as ``create_backup``.
        request: method and path, such as ``POST /indexes/docs/backups``.
        attempts: how many times the request was sent, or tried to be.
        outcome_unknown: True when the server may have done what was asked without our knowing.
        request_id: the server's id of the last exchange, for a support request.
        host: URL of the control plane.
        reason: what came back or went wrong, alone: the server's message, `connection refused`.
    """

    def __init__(
        self,
        what: str,
        *,
        hint: str | Advice = "",
        operation: str = "",
        request: str = "",
        attempts: int = 1,
        outcome_unknown: bool = False,
        request_id: str | None = None,
        host: str = "",
        reason: str = "",
    ) -> None:
        super().__init__(what, hint=hint)
        self.operation = operation
        self.request = request
        self.attempts = attempts
        self.outcome_unknown = outcome_unknown
        self.request_id = request_id
        self.host = host
        self.reason = reason


class PineconeConnectionError(CallError):
    """No connection came about, or it broke before the answer was complete."""


class PineconeTimeoutError(CallError, TimeoutError):
    """An attempt took longer than `timeout`, or the call with its retries than `deadline`."""


class ResponseParsingError(CallError):
    """The server said that all was well, but its answer is not what the contract promises.

    Attributes:
        status_code: HTTP status of the answer.
        body: the start of the body, as text.
    """

    def __init__(self, what: str, *, status_code: int, body: str, **facts: Any) -> None:
        super().__init__(what, **facts)
        self.status_code = status_code
        self.body = body


class ApiError(CallError):
    """The server refused.

    Attributes:
        status_code: HTTP status.
        code: the service's own code, such as ``NOT_FOUND``; None when the body had none.
        message: the service's message, or the start of a body that is not the documented one.
        details: the `details` object of the error body, if it came with one; for the page of a
            gateway, what its operators know an exchange by, such as `cf-ray`.
        retry_after: seconds that the server asked to wait, if it did.
        from_api: whether the body is the API's own error object; False for the page of a gateway,
            a proxy or a firewall.
        body: the start of the body, as text.
    """

    def __init__(
        self,
        what: str,
        *,
        status_code: int,
        code: str | None,
        message: str,
        details: Mapping[str, Any] | None = None,
        retry_after: float | None = None,
        from_api: bool = True,
        body: str = "",
        **facts: Any,
    ) -> None:
        super().__init__(what, **facts)
        self.status_code = status_code
        self.code = code
        self.message = message
        self.details = details
        self.retry_after = retry_after
        self.from_api = from_api
        self.body = body


class BadRequestError(ApiError):
    """400: the request breaks a rule of the service."""


class UnauthorizedError(ApiError):
    """401: the API key is missing or not valid."""


class PaymentRequiredError(ApiError):
    """402: the organization has unpaid invoices."""


class ForbiddenError(ApiError):
    """403: a quota is reached, deletion protection is on, or the key lacks the right."""

    @property
    def deletion_protected(self) -> bool:
        """Whether deletion protection is the reason (read from the message: an assumption)."""
        return _PROTECTED.search(_QUOTED.sub("", self.message)) is not None

    @property
    def quota_reached(self) -> bool:
        """Whether a quota is the reason (read from the message: an assumption)."""
        return _QUOTA.search(_QUOTED.sub("", self.message)) is not None


class NotFoundError(ApiError):
    """404: the API said that there is no resource of this name or id in the key's project.

    The 404 of anything else, such as a gateway's page, is an `ApiError`.
    """


class ConflictError(ApiError):
    """409: the API said that the name is taken. The 409 of a gateway is an `ApiError`."""


class FailedPreconditionError(ApiError):
    """412: another resource stands in the way, such as a pending restore job."""

    @property
    def pending_restore_job_ids(self) -> list[str]:
        """Ids of the restore jobs that the message names (contract: it lists them).

        What the request itself was about is named too, and left out.
        """
        asked_for = {each.lower() for each in _UUID.findall(self.request)}
        return [each for each in _UUID.findall(self.message) if each.lower() not in asked_for]


class UnprocessableEntityError(ApiError):
    """422: the request body does not have the expected form."""


class RateLimitError(ApiError):
    """429: too many requests; `retry_after` says how long to wait, where the server said so."""


class ServiceError(ApiError):
    """5xx: the service failed."""


class WaitError(PineconeError, Generic[T]):
    """A wait that ended without success.

    Attributes:
        last: the last state seen: a model, a list of models, or None when none was seen.
    """

    last: T | None

    def __init__(self, what: str, *, hint: str | Advice = "", last: T | None = None) -> None:
        super().__init__(what, hint=hint)
        self.last = last


class WaitTimeoutError(WaitError[T], TimeoutError):
    """The resource was not ready within the wait's `timeout`. The work goes on at the server."""


class OperationFailedError(WaitError[T]):
    """The resource reached a state from which it will not become ready."""


_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")

# Names may hold any word: those in quotes are left out, and a part of a longer name is no word.
_QUOTED: Final = re.compile(r"""(?<!\w)(['"`])(?!deletion_)[^'"`]*\1(?!\w)""")
_PROTECTED: Final = re.compile(
    r"(?<![\w-])(deletion[_-])?protect(ed|ion|s)?(?![\w-])", re.IGNORECASE
)
_QUOTA: Final = re.compile(
    r"(?<![\w-])(quotas?|limits?|limited|max|maximum|max_\w+)(?![\w-])", re.IGNORECASE
)

_BY_STATUS: Final[Mapping[int, type[ApiError]]] = {
    400: BadRequestError,
    401: UnauthorizedError,
    402: PaymentRequiredError,
    403: ForbiddenError,
    404: NotFoundError,
    409: ConflictError,
    412: FailedPreconditionError,
    422: UnprocessableEntityError,
    429: RateLimitError,
}


def class_for_status(status: int) -> type[ApiError]:
    """Return the error class of an HTTP status; `ApiError` itself for one without its own."""
    if status >= 500:
        return ServiceError
    return _BY_STATUS.get(status, ApiError)
