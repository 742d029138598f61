"""From what happened on the wire to the error a user reads. Pure: no I/O."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import unquote

import msgspec
from attrs import frozen

from pinecone_control._core.retry_decision import Failure
from pinecone_control._core.text import shown
from pinecone_control.errors import (
    Advice,
    ApiError,
    Argument,
    Call,
    CallError,
    FailedPreconditionError,
    ForbiddenError,
    PineconeConnectionError,
    PineconeTimeoutError,
    RateLimitError,
    ResponseParsingError,
    ServiceError,
    UnauthorizedError,
    class_for_status,
)

_REQUEST_ID_HEADERS: Final = ("x-pinecone-request-id", "x-request-id")
_BODY_KEPT: Final = 10_000

UNEXPECTED_ANSWER_HINT: Final = (
    "Check that the host is Pinecone's control plane and not a proxy's page; if it is, the "
    "contract may have changed."
)


@frozen(kw_only=True)
class Attempted:
    """What a call had tried by the time it failed."""

    method: str
    path: str
    host: str
    key_source: str
    attempts: int
    seconds: float
    name: str = ""
    """Name of the resource that the request would have made, where it names one."""
    outcome_unknown: bool = False
    gave_up_because: str = ""

    @property
    def request(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def facts(self) -> dict[str, Any]:
        return {
            "request": self.request,
            "attempts": self.attempts,
            "outcome_unknown": self.outcome_unknown,
        }

    def summary(self, *more: str) -> str:
        """Return the bracket that ends the first line of a message."""
        tries = "1 attempt" if self.attempts == 1 else f"{self.attempts} attempts"
        parts = [*more, f"{tries} in {self.seconds:.1f} s", self.gave_up_because]
        return f"[{'; '.join(part for part in parts if part)}]"


def no_answer(attempted: Attempted, failure: Failure) -> CallError:
    """Return the error for a call that got no complete answer."""
    kind = PineconeTimeoutError if failure.timed_out else PineconeConnectionError
    return kind(
        f"{attempted.request} at {attempted.host} failed: {failure.reason} {attempted.summary()}",
        hint=_outcome_hint(attempted) or _connection_hint(failure),
        **attempted.facts,
    )


def _connection_hint(failure: Failure) -> str | Advice:
    if _answered_without_tls(failure.reason):
        return (
            "What listens there does not speak TLS: if it is a server without, such as the "
            "emulator, the host is http://, not https://."
        )
    if failure.permanent:
        return Advice(
            "Check the host's name. If a proxy of yours signs certificates itself, pass its "
            "authority: {}.",
            Argument("verify", "'/path/to/authority.pem'"),
        )
    if failure.timed_out and failure.kind == "no answer":
        return Advice(
            "Try again later, or give an attempt more time: {} and {}",
            Argument("timeout", "..."),
            Argument("deadline", "..."),
        )
    return "Check that the host is right and reachable from here, proxies included."


def _answered_without_tls(reason: str) -> bool:
    """Whether OpenSSL found no TLS in the answer; its releases differ in how they say so."""
    words = reason.lower().replace("_", " ")
    return "wrong version number" in words or "record layer failure" in words


def refusal(
    attempted: Attempted,
    *,
    status: int,
    reason_phrase: str,
    headers: Mapping[str, str],
    body: str,
    retry_after: float | None,
) -> ApiError:
    """Return the error for an answer that is not a success."""
    text = body[:_BODY_KEPT]
    code, message, details = _error_body(body)
    message = message or _message_of_other_body(status, reason_phrase, headers, text)
    request_id = request_id_of(headers)
    label = f"{status} {code}" if code else str(status)
    cls = class_for_status(status)
    error = cls(
        f"{attempted.request} at {attempted.host} failed: {label}: {shown(message)} "
        + attempted.summary(f"request id {request_id}" if request_id else ""),
        status_code=status,
        code=code,
        message=message,
        details=details,
        retry_after=retry_after,
        body=text,
        request_id=request_id,
        **attempted.facts,
    )
    error.hint = _outcome_hint(attempted) or _refusal_hint(error, attempted)
    return error


def unreadable(
    reason: str,
    *,
    request: str,
    host: str,
    operation: str = "",
    attempts: int = 1,
    status: int,
    headers: Mapping[str, str],
    body: str,
    outcome_unknown: bool,
) -> ResponseParsingError:
    """Return the error for a success whose body is not what the contract promises."""
    request_id = request_id_of(headers)
    ending = f" [request id {request_id}]" if request_id else ""
    return ResponseParsingError(
        f"{request} at {host} was answered with {status}, but the answer cannot be used: "
        f"{shown(reason)}{ending}",
        hint=(
            "The server said that it did what was asked: look at the result before trying again."
            if outcome_unknown
            else UNEXPECTED_ANSWER_HINT
        ),
        status_code=status,
        body=body[:_BODY_KEPT],
        request=request,
        operation=operation,
        attempts=attempts,
        outcome_unknown=outcome_unknown,
        request_id=request_id,
    )


def request_id_of(headers: Mapping[str, str]) -> str | None:
    """Return the server's id of an exchange (measured: what the official SDK reads)."""
    found = (headers[name] for name in _REQUEST_ID_HEADERS if headers.get(name))
    return next((shown(value, 100) for value in found), None)


def _error_body(body: str) -> tuple[str | None, str, Mapping[str, Any] | None]:
    """Read code, message and details from the documented error body, or a bare JSON string."""
    try:
        decoded = msgspec.json.decode(body.removeprefix("\ufeff"))
    except (msgspec.MsgspecError, RecursionError, UnicodeError):
        return None, "", None
    if isinstance(decoded, str):
        return None, decoded, None
    error = decoded.get("error") if isinstance(decoded, dict) else None
    if not isinstance(error, dict):
        return None, "", None
    code, message, details = (error.get(name) for name in ("code", "message", "details"))
    return (
        code if isinstance(code, str) else None,
        message if isinstance(message, str) else "",
        details if isinstance(details, dict) else None,
    )


def _message_of_other_body(
    status: int, reason_phrase: str, headers: Mapping[str, str], text: str
) -> str:
    """Return a message for a body that is not the documented error, such as a proxy's page."""
    if 300 <= status < 400:
        return f"a redirect to {shown(headers.get('location', 'nowhere'), 200)}, not followed"
    if "html" in headers.get("content-type", ""):
        return f"{reason_phrase or 'an error'} (an HTML page, probably a proxy's)"
    return shown(text) or reason_phrase or "no message"


def _outcome_hint(attempted: Attempted) -> Advice | None:
    """Say how to find out whether a request whose outcome is unknown was carried out."""
    if not attempted.outcome_unknown:
        return None
    look = look_after(attempted.method, attempted.path, attempted.name)
    if attempted.method == "PATCH":
        return Advice("The change may have been made: {} shows it. Look before trying again.", look)
    if attempted.method == "DELETE":
        return Advice("It may have been deleted: {} shows it. Deleting again does no harm.", look)
    return Advice("The server may have done it: {} shows it. Look before trying again.", look)


def look_after(method: str, path: str, name: str) -> Call:
    """Return the call that shows whether a request was carried out.

    Args:
        method: HTTP method in capitals.
        path: of the request.
        name: of what the request would have made, where it names something.
    """
    *_, above, last = ["", *(unquote(part) for part in path.split("/") if part)]
    match method, above, last:
        case ("PATCH", "indexes", index) | ("DELETE", "indexes", index):
            return Call("describe_index", index)
        case ("DELETE", "collections", collection):
            return Call("describe_collection", collection)
        case ("DELETE", "backups", backup):
            return Call("describe_backup", backup)
        case ("POST", index, "backups"):
            return Call("list_backups", index)
        case ("POST", _, "collections"):
            return Call("describe_collection", name)
        case ("POST", _, "indexes" | "create-for-model" | "create-index"):
            return Call("describe_index", name)
    return Call("list_restore_jobs")


def _refusal_hint(error: ApiError, attempted: Attempted) -> str | Advice:
    match error:
        case UnauthorizedError():
            return (
                f"The key came from {attempted.key_source}: check that it is complete, not "
                f"revoked, and meant for {attempted.host}."
            )
        case ForbiddenError(deletion_protected=True):
            index = unquote(attempted.path.rpartition("/")[2])
            return Advice(
                "Turn deletion protection off first: {}.",
                Call("configure_index", index, deletion_protection="disabled"),
            )
        case ForbiddenError(quota_reached=True):
            return "Raise the quota, or delete what is not needed any more."
        case FailedPreconditionError() if error.pending_restore_job_ids:
            return Advice(
                "Let these restore jobs end first, then try again: {}.",
                Call("wait_for_restore_jobs", error.pending_restore_job_ids),
            )
        case RateLimitError():
            wait = "a while" if error.retry_after is None else f"{error.retry_after:g} s"
            return f"Wait {wait} before the next call, and make fewer at once."
        case ServiceError():
            support = "; give support the request id" if error.request_id else ""
            return f"{_PASSING}{support}."
    return _HINTS.get(error.status_code, _UNDOCUMENTED)


_PASSING: Final = "The service, or a proxy before it, had a problem: try again later"
_UNDOCUMENTED: Final = (
    "The contract documents no such answer: check that the host is Pinecone's control plane."
)
_BAD_REQUEST: Final = "Change the request as the message says; sending it again will not help."
_REDIRECT: Final = "Set host to where the API is; the key is never sent to another host."
_HINTS: Final = {
    301: _REDIRECT,
    302: _REDIRECT,
    303: _REDIRECT,
    307: _REDIRECT,
    308: _REDIRECT,
    400: _BAD_REQUEST,
    402: "Settle the organization's invoices in the Pinecone console, then try again.",
    403: "Use a key that has the right to do this, or ask for it.",
    404: "Check the name or id, and that the key belongs to the project it is in.",
    408: f"{_PASSING}.",
    409: "The name is taken: choose another one, or use the resource that has it.",
    412: "Remove what the message names, then try again.",
    422: _BAD_REQUEST,
}
