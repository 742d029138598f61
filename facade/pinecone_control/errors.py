"""Every error that this package raises. No exception of httpx, attrs or json reaches the caller.

The text of an error has two lines: what was tried and what happened, and what to do about it. The
attributes `what` and `hint` hold them separately.
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
    """As written in Python; None names only the argument."""

    def __str__(self) -> str:
        return self.name if self.value is None else f"{self.name}={self.value}"


@frozen(init=False)
class Advice:
    """What to do about an error: a sentence, and its steps as data, which each front end words.

    `str()` shows the steps in Python; the command line shows them as commands and options.
    """

    text: str
    """The sentence, with `{}` for each step."""
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
        what: what was tried and what happened, in one line.
        advice: what to do about it, as data.
        hint: the advice as one line, in terms of Python; empty if there is none.
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
        # The default would call the class only with `args`, and fail on required keywords.
        return _rebuild, (type(self), self.args, self.__dict__)


def _rebuild(
    cls: type[PineconeError], args: tuple[object, ...], state: dict[str, object]
) -> PineconeError:
    error = cls.__new__(cls, *args)
    error.args = args  # an OSError, such as a TimeoutError, takes them only in __init__
    error.__dict__.update(state)
    return error


class PineconeValueError(PineconeError, ValueError):
    """An argument is invalid; nothing was sent."""


class CallError(PineconeError):
    """A call failed.

    Attributes:
        operation: the contract's name of the operation, such as ``create_backup``.
        request: method and path, such as ``POST /indexes/docs/backups``.
        attempts: number of times that the client tried to send the request.
        outcome_unknown: True if the server may have carried out the request.
        request_id: the server's id of the last exchange, for a support request.
        host: URL of the control plane.
        reason: only the reason, such as the server's message or `connection refused`.
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
    """The connection could not be established, or it broke before the response was complete."""


class PineconeTimeoutError(CallError, TimeoutError):
    """An attempt took longer than `timeout`, or a call with its retries longer than `deadline`."""


class ResponseParsingError(CallError):
    """A 2xx response does not follow the contract, or is about another resource than asked for.

    Attributes:
        status_code: HTTP status of the response.
        body: the start of the body, as text.
    """

    def __init__(self, what: str, *, status_code: int, body: str, **facts: Any) -> None:
        super().__init__(what, **facts)
        self.status_code = status_code
        self.body = body


class ApiError(CallError):
    """The server refused the request.

    Attributes:
        status_code: HTTP status.
        code: the service's error code, such as ``NOT_FOUND``; None if the body has none.
        message: the service's message, or the start of the body if it is not an error object.
        details: the `details` object of the error body, if there is one. For an error of a
            gateway, the headers by which its operators find the request, such as `cf-ray`.
        retry_after: seconds that the server asked to wait, if it did.
        from_api: whether the body is the API's own error object; False for an error of a gateway,
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
    """403: a quota is reached, deletion protection is on, or the key lacks a permission."""

    @property
    def deletion_protected(self) -> bool:
        """Whether deletion protection is the reason (read from the message: an assumption)."""
        return re.search(_PROTECTED, re.sub(_QUOTED, "", self.message)) is not None

    @property
    def quota_reached(self) -> bool:
        """Whether a quota is the reason (read from the message: an assumption)."""
        return re.search(_QUOTA, re.sub(_QUOTED, "", self.message)) is not None


class NotFoundError(ApiError):
    """404: the API says that no resource with this name or id exists in the key's project.

    Any other 404, such as that of a gateway, is an `ApiError`.
    """


class ConflictError(ApiError):
    """409: the API says that the name is taken. The 409 of a gateway is an `ApiError`."""


class FailedPreconditionError(ApiError):
    """412: another operation, such as a pending restore job, must finish first."""

    @property
    def pending_restore_job_ids(self) -> list[str]:
        """Ids of the restore jobs that the message names (contract: it lists them).

        The id of the resource in the request is left out.
        """
        asked_for = {each.lower() for each in re.findall(_UUID, self.request)}
        return [each for each in re.findall(_UUID, self.message) if each.lower() not in asked_for]


class UnprocessableEntityError(ApiError):
    """422: the request body does not have the expected form."""


class RateLimitError(ApiError):
    """429: too many requests; `retry_after` is the time to wait, if the server named one."""


class ServiceError(ApiError):
    """5xx: the service failed."""


class WaitError(PineconeError, Generic[T]):
    """A wait ended without success.

    Attributes:
        last: the last state seen: a model, a list of models, or None if none was seen.
    """

    last: T | None

    def __init__(self, what: str, *, hint: str | Advice = "", last: T | None = None) -> None:
        super().__init__(what, hint=hint)
        self.last = last


class WaitTimeoutError(WaitError[T], TimeoutError):
    """The resource was not ready within the wait's `timeout`. The operation continues."""


class OperationFailedError(WaitError[T]):
    """The resource reached a state from which it will not become ready."""


# Compiled when first used, because every program imports this module at its start.
_UUID: Final = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"

# Names can contain any word: quoted names are left out, and parts of longer names do not count.
_QUOTED: Final = r"""(?<!\w)(['"`])(?!deletion_)[^'"`]*\1(?!\w)"""
_PROTECTED: Final = r"(?i)(?<![\w-])(deletion[_-])?protect(ed|ion|s)?(?![\w-])"
_QUOTA: Final = r"(?i)(?<![\w-])(quotas?|limits?|limited|max|maximum|max_\w+)(?![\w-])"

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
    """Return the error class for an HTTP status; `ApiError` itself if the status has none."""
    if status >= 500:
        return ServiceError
    return _BY_STATUS.get(status, ApiError)
