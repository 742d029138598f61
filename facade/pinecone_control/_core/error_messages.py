"""The texts of errors: what was tried, what the response was, what to do. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import unquote

from attrs import frozen

from pinecone_control._core.header_names import REQUEST_ID
from pinecone_control._core.retry_decision import Cause, Failure
from pinecone_control._core.text import is_html, shown
from pinecone_control.errors import (
    Advice,
    ApiError,
    Argument,
    Call,
    CallError,
    ConflictError,
    FailedPreconditionError,
    ForbiddenError,
    NotFoundError,
    PineconeConnectionError,
    PineconeTimeoutError,
    RateLimitError,
    ResponseParsingError,
    ServiceError,
    UnauthorizedError,
    class_for_status,
)

_REQUEST_ID_HEADERS: Final = (REQUEST_ID.lower(), "x-request-id")
_BODY_KEPT: Final = 10_000
_NOT_FOUND: Final = 404
_GATEWAY_TRACES: Final = (
    "cf-ray",
    "x-amz-cf-id",
    "x-amzn-requestid",
    "x-amzn-trace-id",
    "x-cloud-trace-context",
    "x-azure-ref",
    "x-served-by",
    "x-correlation-id",
)
_GATEWAY_HEADERS: Final = (*_GATEWAY_TRACES, "server", "via", "x-cache")

UNEXPECTED_ANSWER_HINT: Final = (
    "Check that the host is Pinecone's control plane and that no proxy responds in its place. If "
    "so, the contract may have changed."
)


@frozen(kw_only=True)
class FailedCall:
    """A failed call: what it tried, and for how long."""

    method: str
    path: str
    host: str
    key_source: str
    attempts: int
    seconds: float
    name: str = ""
    """Name of the resource that the request was to create, if it has one."""
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
            "host": self.host,
        }

    def summary(self, *more: str) -> str:
        """Return the bracket at the end of the first line of a message."""
        tries = "1 attempt" if self.attempts == 1 else f"{self.attempts} attempts"
        parts = [*more, f"{tries} in {self.seconds:.1f} s", self.gave_up_because]
        return f"[{'; '.join(part for part in parts if part)}]"


def no_answer(failed: FailedCall, failure: Failure) -> CallError:
    """Return the error for a call that got no complete response."""
    kind = PineconeTimeoutError if failure.timed_out else PineconeConnectionError
    return kind(
        f"{failed.request} at {failed.host} failed: {failure.reason} {failed.summary()}",
        hint=_outcome_hint(failed) or _connection_hint(failure),
        reason=failure.reason,
        **failed.facts,
    )


def _connection_hint(failure: Failure) -> str | Advice:
    if failure.cause is not None:
        return _CAUSES[failure.cause]
    if failure.timed_out and failure.kind == "no answer":
        return Advice(
            "Try again later, or give an attempt more time: {} and {}",
            Argument("timeout", "..."),
            Argument("deadline", "..."),
        )
    return "Check that the host is right, and that this machine can reach it directly or by proxy."


_CAUSES: Final[Mapping[Cause, str | Advice]] = {
    "no TLS": (
        "The server does not use TLS. If that is intended, as with the emulator, use http:// "
        "instead of https:// in the host."
    ),
    "unknown authority": Advice(
        "No trusted authority signed the certificate. If your proxy or server has its own "
        "authority, pass it: {}.",
        Argument("verify", "'/path/to/authority.pem'"),
    ),
    "expired certificate": (
        "The server's certificate has expired, or the clock of this machine is wrong."
    ),
    "certificate of another host": (
        "The certificate is for another name. Check the name of the host, and that no proxy "
        "responds in its place."
    ),
    "form of the certificate": (
        "The certificate or that of its authority lacks required fields and must be issued again. "
        "Python 3.13 and newer require key usage and key identifiers (VERIFY_X509_STRICT)."
    ),
    "client certificate": (
        "The server requires a client certificate that it accepts. In Python, pass an "
        "`ssl.SSLContext` that contains one as `verify`."
    ),
    "proxy": Advice(
        "The proxy refused the connection, not Pinecone. Check the address, the user and the "
        "password in its URL: {}.",
        Argument("proxy", "'http://user:password@proxy.example:3128'"),
    ),
}


def refusal(
    failed: FailedCall,
    failure: Failure,
    *,
    reason_phrase: str,
    headers: Mapping[str, str],
    body: str,
) -> ApiError:
    """Return the error for an error response."""
    status, said = failure.status, failure.error
    text = body[:_BODY_KEPT]
    message = said.message or _message_of_other_body(status, reason_phrase, headers, text)
    gateway = {} if said.from_api else _gateway_headers(headers)
    request_id = request_id_of(headers)
    label = f"{status} {shown(said.code, 100)}" if said.code else str(status)
    traces = [f"request id {request_id}"] if request_id else [" ".join(_trace(gateway))]
    error = _class_of(failure)(
        f"{failed.request} at {failed.host} failed: {label}: {shown(message)} "
        + failed.summary(*traces),
        status_code=status,
        code=said.code,
        message=message,
        details=said.details or gateway or None,
        retry_after=failure.retry_after,
        from_api=said.from_api,
        body=text,
        request_id=request_id,
        reason=shown(message),
        **failed.facts,
    )
    error.hint = _outcome_hint(failed) or _refusal_hint(error, failed, failure)
    return error


def _class_of(failure: Failure) -> type[ApiError]:
    """Return the error class for an error response.

    `NotFoundError` and `ConflictError` make a statement about a resource, which only the API can
    make: a gateway's response with their status is an `ApiError`.
    """
    cls = class_for_status(failure.status)
    proven = {
        NotFoundError: failure.proves_absence,
        ConflictError: failure.error.from_api,
    }
    return cls if proven.get(cls, True) else ApiError


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
    """Return the error for a 2xx response whose body does not follow the contract."""
    request_id = request_id_of(headers)
    ending = f" [request id {request_id}]" if request_id else ""
    return ResponseParsingError(
        f"{request} at {host} got a {status}, but the response cannot be used: "
        f"{shown(reason)}{ending}",
        hint=_unreadable_hint(headers, body) if outcome_unknown else UNEXPECTED_ANSWER_HINT,
        status_code=status,
        body=body[:_BODY_KEPT],
        request=request,
        operation=operation,
        attempts=attempts,
        outcome_unknown=outcome_unknown,
        request_id=request_id,
        host=host,
        reason=reason,
    )


def _unreadable_hint(headers: Mapping[str, str], body: str) -> str:
    if is_html(body, headers.get("content-type", "")):
        return (
            "The response is a web page, probably of a gateway, so the server may or may not have "
            "carried out the request. Check before you try again."
        )
    return "The server reported success. Check the result before you try again."


def request_id_of(headers: Mapping[str, str]) -> str | None:
    """Return the server's id of the request, from the headers that the official SDK reads."""
    found = (headers[name] for name in _REQUEST_ID_HEADERS if headers.get(name))
    return next((shown(value, 100) for value in found), None)


def _gateway_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers by which operators of a gateway can find the request."""
    return {name: shown(headers[name], 200) for name in _GATEWAY_HEADERS if headers.get(name)}


def _trace(gateway: Mapping[str, str]) -> Iterator[str]:
    found = next((name for name in _GATEWAY_TRACES if name in gateway), None)
    if found is not None:
        yield f"{found} {gateway[found]}"


def _message_of_other_body(
    status: int, reason_phrase: str, headers: Mapping[str, str], text: str
) -> str:
    """Return a message for a body that is not the documented error object."""
    if 300 <= status < 400:
        return f"a redirect to {shown(headers.get('location', 'nowhere'), 200)}, not followed"
    if is_html(text, headers.get("content-type", "")):
        return f"{reason_phrase or 'an error'} (an HTML page, probably a proxy's)"
    return shown(text) or reason_phrase or "no message"


def _outcome_hint(failed: FailedCall) -> Advice | None:
    """Return how to check whether a request with unknown outcome was carried out."""
    if not failed.outcome_unknown:
        return None
    look = look_after(failed.method, failed.path, failed.name)
    if failed.method == "PATCH":
        return Advice("The change may have been made. Check with {} before you try again.", look)
    if failed.method == "DELETE":
        return Advice("It may have been deleted. Check with {}; deleting again does no harm.", look)
    return Advice("The server may have created it. Check with {} before you try again.", look)


def look_after(method: str, path: str, name: str) -> Call:
    """Return the call that shows whether a request was carried out.

    Args:
        method: HTTP method in capitals.
        path: path of the request.
        name: name of the resource that the request was to create, if it has one.
    """
    *_, above, last = ["", "", *(unquote(part) for part in path.split("/") if part)]
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


def _refusal_hint(error: ApiError, failed: FailedCall, failure: Failure) -> str | Advice:
    if failure.cause is not None:
        return _CAUSES[failure.cause]
    if not failure.error.from_api and failure.status in _API_STATUSES:
        return _GATEWAY
    if failure.status == _NOT_FOUND and not failure.proves_absence:
        return (
            "The API did not say that this resource is missing. Check the host and its base path."
        )
    match error:
        case UnauthorizedError():
            return (
                f"The key came from {failed.key_source}. Check that it is complete, not "
                f"revoked, and issued for {failed.host}."
            )
        case ForbiddenError(deletion_protected=True):
            index = unquote(failed.path.rpartition("/")[2])
            return Advice(
                "Turn deletion protection off first: {}.",
                Call("configure_index", index, deletion_protection="disabled"),
            )
        case ForbiddenError(quota_reached=True):
            return "Raise the quota, or delete resources that you no longer need."
        case FailedPreconditionError() if error.pending_restore_job_ids:
            return Advice(
                "Wait for these restore jobs, then try again: {}.",
                Call("wait_for_restore_jobs", error.pending_restore_job_ids),
            )
        case RateLimitError():
            wait = "a while" if error.retry_after is None else f"{error.retry_after:g} s"
            return f"Wait {wait} before the next call, and make fewer calls at a time."
        case ServiceError():
            support = " Give the request id to support." if error.request_id else ""
            return f"{_TRY_LATER}{support}"
    return _HINTS.get(error.status_code, _UNDOCUMENTED)


_TRY_LATER: Final = "The service, or a proxy in front of it, had a problem. Try again later."
_UNDOCUMENTED: Final = (
    "The contract does not document this response. Check that the host is Pinecone's control plane."
)
_GATEWAY: Final = (
    "This response is not from the API. A gateway, proxy or firewall in front of it refused the "
    "request, or the host or its base path is wrong. The key and the resource may be fine."
)
_API_STATUSES: Final = frozenset({400, 401, 402, 403, 404, 409, 412, 422})
"""Error statuses that the API itself sends, with its error object."""
_BAD_REQUEST: Final = "Change the request as the message says; it would fail again unchanged."
_REDIRECT: Final = "Set host to the API's URL; the key is never sent to another host."
_HINTS: Final = {
    301: _REDIRECT,
    302: _REDIRECT,
    303: _REDIRECT,
    307: _REDIRECT,
    308: _REDIRECT,
    400: _BAD_REQUEST,
    402: "Settle the organization's invoices in the Pinecone console, then try again.",
    403: "Use a key with the permission to do this.",
    404: "Check the name or id, and that the key belongs to the same project.",
    408: _TRY_LATER,
    409: "The name is taken. Choose another one, or use the existing resource.",
    412: "Resolve what the message names, then try again.",
    422: _BAD_REQUEST,
}
