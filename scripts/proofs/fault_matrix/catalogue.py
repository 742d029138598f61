"""Every fault of the server or the network, and the required behaviour of the client.

The required behaviour depends only on the fault's nature and the HTTP method; see `EXPECTED`. Each
fault occurs once, after which the server behaves well, or it lasts.
"""

import gzip
import json
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from typing import Any, Final, Literal

from attrs import frozen

from pinecone_control import errors
from scripts.proofs.fault_matrix.operations import Operation
from scripts.proofs.fault_matrix.server import (
    Act,
    Answer,
    Connection,
    before_tls,
    hang_up_after_work,
    hang_up_at_once,
    reset_after,
    say,
    say_raw,
    stay_silent_after,
    trickle,
)

ATTEMPTS: Final = 3
DEADLINE: Final = 30.0
BODY_LIMIT: Final = 300_000
SHORT_TIMEOUT: Final = 0.3
LONG_TIMEOUT: Final = 8.0

Nature = Literal[
    "not sent",
    "never",
    "lost",
    "turned away",
    "refused",
    "server error",
    "server's end",
    "unusable",
    "made up",
    "harmless",
]
Method = Literal["reads", "deletes", "writes"]


@frozen
class Expected:
    """The required result of a call.

    Attributes:
        once: the result if the fault occurs once: `ok`, or `error`.
        attempts: number of attempts under a lasting fault.
        is_unknown: whether the error has to state that the outcome is unknown.
    """

    once: Literal["ok", "error"]
    attempts: int
    is_unknown: bool = False


OK_AFTER_RETRY = Expected("ok", ATTEMPTS)
FINAL = Expected("error", 1)
UNKNOWN = Expected("error", 1, is_unknown=True)
DELETION_UNKNOWN = Expected("ok", ATTEMPTS, is_unknown=True)
FINE = Expected("ok", 1)

EXPECTED: Final[dict[Nature, dict[Method, Expected]]] = {
    # No connection was established: every method may be retried.
    "not sent": dict.fromkeys(("reads", "deletes", "writes"), OK_AFTER_RETRY),
    # No connection was established, and none ever will be.
    "never": dict.fromkeys(("reads", "deletes", "writes"), FINAL),
    # The server may have done the work: a write must not be retried.
    "lost": {"reads": OK_AFTER_RETRY, "deletes": DELETION_UNKNOWN, "writes": UNKNOWN},
    # The server states that it did nothing, and asks for a retry.
    "turned away": dict.fromkeys(("reads", "deletes", "writes"), OK_AFTER_RETRY),
    # The server refused the request.
    "refused": dict.fromkeys(("reads", "deletes", "writes"), FINAL),
    # The server failed during the work.
    "server error": {"reads": OK_AFTER_RETRY, "deletes": DELETION_UNKNOWN, "writes": UNKNOWN},
    # The same, with a status that is not known to be temporary.
    "server's end": {"reads": FINAL, "deletes": UNKNOWN, "writes": UNKNOWN},
    # The server did the work, but its response is unusable; a deletion needs none.
    "unusable": {"reads": FINAL, "deletes": FINE, "writes": UNKNOWN},
    # A gateway or a firewall responded instead of the API, which proves nothing.
    "made up": {"reads": FINAL, "deletes": UNKNOWN, "writes": UNKNOWN},
    # Unusual, but valid.
    "harmless": dict.fromkeys(("reads", "deletes", "writes"), FINE),
}


@frozen(kw_only=True)
class Fault:
    """One fault.

    Attributes:
        name: name in the table.
        nature: its meaning; see `EXPECTED`.
        error: the class that a lasting fault, or one that must not be retried, has to raise.
        act: what the server does for a given operation; None if it does not apply to it.
        environment: what is wrong outside the server instead.
        tls: the certificate of the server; None means plain HTTP.
        is_slow: whether only the client's timeout ends it.
        retry_after: the value that the error has to state.
    """

    name: str
    nature: Nature
    error: type[errors.PineconeError] = errors.PineconeConnectionError
    act: Callable[[Operation], Act | None] = lambda _: None
    environment: Literal["", "refused", "queue full", "no name"] = ""
    tls: Literal["", "trusted", "untrusted", "expired", "other name"] = ""
    is_slow: bool = False
    retry_after: float | None = None


def _answered(
    name: str,
    nature: Nature,
    error: type[errors.PineconeError],
    status: int,
    body: Any = None,
    *,
    retry_after: float | None = None,
    **headers: str,
) -> Fault:
    message = f"This is a {status}."
    if body is None:
        code = "NOT_FOUND" if status == 404 else "SOME_CODE"
        body = {"status": status, "error": {"code": code, "message": message}}
    answer = Answer(
        status, body, {name.replace("_", "-"): value for name, value in headers.items()}
    )
    # The worst case: the server has done the work before it fails.
    performed = nature in {"server error", "server's end"}
    return Fault(
        name=name,
        nature=nature,
        error=error,
        act=lambda _: say(answer, performed=performed),
        retry_after=retry_after,
    )


def _spoiled(name: str, nature: Nature, spoil: Callable[[Operation], Answer | None]) -> Fault:
    """Return a fault in which the server does the work, and sends an unusual response."""

    def act(operation: Operation) -> Act | None:
        answer = spoil(operation)
        return None if answer is None else say(answer, performed=True)

    return Fault(name=name, nature=nature, error=errors.ResponseParsingError, act=act)


def _raw(name: str, data: Callable[[Operation], bytes], nature: Nature = "lost") -> Fault:
    return Fault(name=name, nature=nature, act=lambda operation: say_raw(data(operation)))


def _does(name: str, act: Act, *, is_slow: bool = False) -> Fault:
    error = errors.PineconeTimeoutError if is_slow else errors.PineconeConnectionError
    return Fault(name=name, nature="lost", error=error, act=lambda _: act, is_slow=is_slow)


def _has_body(operation: Operation) -> bool:
    return operation.body is not None


def _body(content: bytes, **headers: str) -> Callable[[Operation], Answer]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda operation: Answer(operation.status, content, named)


def _good_body(operation: Operation) -> bytes:
    return operation.good.content or b'{"deleted": true}'


def _changed(
    change: Callable[[bytes], bytes], **headers: str
) -> Callable[[Operation], Answer | None]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda op: Answer(op.status, change(_good_body(op)), named)


def _without_required(operation: Operation) -> Answer | None:
    if operation.required is None:
        return None
    body = {k: v for k, v in (operation.body or {}).items() if k != operation.required}
    return Answer(operation.status, body)


def _mistyped(operation: Operation) -> Answer | None:
    if not operation.mistyped:
        return None
    return Answer(operation.status, {**(operation.body or {}), **operation.mistyped})


def _unknown_kind(operation: Operation) -> Answer | None:
    return Answer(operation.status, operation.with_kind("Dreaming")) if operation.kind else None


def _unknown_fields(operation: Operation) -> Answer | None:
    body = {**(operation.body or {}), "brand_new": {"of": [1, {"two": None}]}}
    return Answer(operation.status, body) if _has_body(operation) else None


def _said_twice(operation: Operation) -> Act:
    def act(connection: Connection) -> bool:
        connection.perform()
        unasked = Answer(200, operation.body or {})
        connection.send(operation.good.on_the_wire() + unasked.on_the_wire())
        return True

    return act


def _deep(content: bytes) -> bytes:
    return content[:-1] + b',"deep":' + b"[" * 100_000 + b"]" * 100_000 + b"}"


@cache
def _bomb() -> bytes:
    """Return a few hundred kilobytes that decompress to 200 MB."""
    deflate = zlib.compressobj(9, wbits=31)
    return b"".join(deflate.compress(b" " * 1_000_000) for _ in range(200)) + deflate.flush()


HEAD: Final = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
HTML: Final = b"<html><body><h1>Bad Gateway</h1></body></html>"
NOW: Final = datetime.now(UTC)


def _date(seconds: float) -> str:
    return format_datetime(NOW + timedelta(seconds=seconds), usegmt=True)


CONNECTION: Final = [
    Fault(name="connection refused", nature="not sent", environment="refused"),
    Fault(name="host name unknown", nature="not sent", environment="no name"),
    Fault(
        name="connection never accepted",
        nature="not sent",
        error=errors.PineconeTimeoutError,
        environment="queue full",
        is_slow=True,
    ),
    Fault(
        name="TLS handshake broken off",
        nature="not sent",
        tls="trusted",
        act=lambda _: before_tls(b""),
    ),
    Fault(
        name="no TLS where TLS belongs",
        nature="not sent",
        tls="trusted",
        act=lambda _: before_tls(b"HTTP/1.1 400 Bad Request\r\n\r\n"),
    ),
    Fault(name="certificate untrusted", nature="never", tls="untrusted"),
    Fault(name="certificate expired", nature="never", tls="expired"),
    Fault(name="certificate of another host", nature="never", tls="other name"),
]

LOST: Final = [
    _does("closed before any byte", hang_up_at_once),
    _does("closed after the work", hang_up_after_work),
    _does("reset after the work", reset_after(b"")),
    _does("reset in the headers", reset_after(HEAD)),
    _does("reset in the body", reset_after(HEAD + b'Content-Length: 500\r\n\r\n{"data":')),
    _raw("closed in the headers", lambda _: HEAD),
    _raw("body shorter than announced", lambda op: op.good.head(Content_Length="999") + b"{}"),
    _raw("chunked body cut off", lambda _: HEAD + b"Transfer-Encoding: chunked\r\n\r\n9\r\n{"),
    _raw("chunk size unreadable", lambda _: HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}"),
    _raw("status line malformed", lambda _: b"HTTP/1.1 OK 200\r\n\r\n"),
    _raw("status line without end", lambda _: b"HTTP/1.1 " + b"2" * 200_000),
    _raw("no HTTP at all", lambda _: b"SSH-2.0-OpenSSH_9.6\r\n"),
    _raw("not a byte of ASCII", lambda _: bytes(range(128, 256)) * 8),
    _raw("header malformed", lambda _: HEAD + b"no colon here\r\n\r\n{}"),
    _raw("headers of 200 kB", lambda _: HEAD + b"X: " + b"x" * 200_000 + b"\r\n\r\n{}"),
    _raw("Content-Length unreadable", lambda _: HEAD + b"Content-Length: many\r\n\r\n{}"),
    _raw("two Content-Lengths", lambda _: HEAD + b"Content-Length: 2, 3\r\n\r\n{}"),
    _does("silent after the request", stay_silent_after(b""), is_slow=True),
    _does("silent in the headers", stay_silent_after(HEAD), is_slow=True),
    _does(
        "silent in the body", stay_silent_after(HEAD + b"Content-Length: 9\r\n\r\n{"), is_slow=True
    ),
    _does("headers trickle", trickle(HEAD, b"X-More: and more\r\n", 0.02), is_slow=True),
    _does(
        "body trickles",
        trickle(HEAD + b"Content-Length: 999999\r\n\r\n", b'{"data": [', 0.02),
        is_slow=True,
    ),
    _does(
        "100 Continue without end",
        trickle(b"", b"HTTP/1.1 100 Continue\r\n\r\n", 0.0005),
        is_slow=True,
    ),
]

UNUSABLE: Final = [
    _spoiled("invalid JSON", "unusable", _body(b'{"data": [')),
    _spoiled("HTML instead of JSON", "made up", _body(HTML, Content_Type="text/html")),
    _spoiled("empty body", "unusable", _body(b"")),
    _spoiled("another JSON type", "unusable", _body(b"[1, 2]")),
    _spoiled("JSON null", "unusable", _body(b"null")),
    _spoiled("wrong types", "unusable", _mistyped),
    _spoiled("required field missing", "unusable", _without_required),
    _spoiled("invalid UTF-8", "unusable", _body(b'{"data": "\xff\xfe"}')),
    _spoiled("UTF-16", "unusable", _changed(lambda good: good.decode().encode("utf-16"))),
    _spoiled("corrupt gzip", "unusable", _body(b"\x1f\x8b\x08nonsense", Content_Encoding="gzip")),
    _spoiled(
        "gzip cut off",
        "unusable",
        _changed(lambda good: gzip.compress(good)[:-6], Content_Encoding="gzip"),
    ),
    _spoiled("gzip bomb", "unusable", _changed(lambda _: _bomb(), Content_Encoding="gzip")),
    _spoiled(
        "encoding never asked for", "unusable", _changed(lambda good: good, Content_Encoding="br")
    ),
    _spoiled("body over the limit", "unusable", _changed(lambda good: good + b" " * BODY_LIMIT)),
    _spoiled("nesting of 100,000", "unusable", _changed(_deep)),
    _spoiled("204 where a body belongs", "unusable", lambda _: Answer(204)),
    _spoiled("another success status", "made up", lambda op: Answer(206, op.good.content or b"{}")),
]

HARMLESS: Final = [
    _spoiled("unknown value of a known field", "harmless", _unknown_kind),
    _spoiled("unknown fields", "harmless", _unknown_fields),
    _spoiled("byte order mark", "harmless", _changed(lambda good: b"\xef\xbb\xbf" + good)),
    _spoiled("gzip", "harmless", _changed(gzip.compress, Content_Encoding="gzip")),
    _spoiled("deflate", "harmless", _changed(zlib.compress, Content_Encoding="deflate")),
    _spoiled("no content type", "harmless", _changed(lambda good: good, Content_Type="")),
    _raw("closed after the answer", lambda op: op.good.on_the_wire(), "harmless"),
    Fault(name="a second answer unasked", nature="harmless", act=_said_twice),
    _raw(
        "103 before the answer",
        lambda op: b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + op.good.on_the_wire(),
        "harmless",
    ),
    _raw("HTTP/1.0", lambda op: op.good.on_the_wire().replace(b"1.1", b"1.0", 1), "harmless"),
]

RETRY_AFTER: Final[list[tuple[int, Nature, str, str, float | None]]] = [
    (500, "server error", "2", "2", 2.0),
    (503, "turned away", "2", "2", 2.0),
    (503, "turned away", "0", "0", 0.0),
    (503, "server error", "unreadable", "soon", None),
    (429, "turned away", "1", "1", 1.0),
    (429, "turned away", "negative", "-5", 0.0),
    (429, "turned away", "unreadable", "soon", None),
    (429, "turned away", "infinite", "inf", None),
    (429, "turned away", "a past date", _date(-60), 0.0),
    (429, "refused", "a date far off", _date(86_400), None),
    (429, "refused", "absurd", "1000000000000", 1e12),
]

REFUSED: Final = [
    _answered("400", "refused", errors.BadRequestError, 400),
    _answered("401", "refused", errors.UnauthorizedError, 401),
    _answered("401 in plain text", "refused", errors.UnauthorizedError, 401, b"Invalid API key"),
    _answered("402", "refused", errors.PaymentRequiredError, 402),
    _answered("403", "refused", errors.ForbiddenError, 403),
    _answered("404", "refused", errors.NotFoundError, 404),
    _answered("405", "refused", errors.ApiError, 405),
    _answered("409", "refused", errors.ConflictError, 409),
    _answered("412", "refused", errors.FailedPreconditionError, 412),
    _answered("418", "refused", errors.ApiError, 418, b""),
    _answered("422", "refused", errors.UnprocessableEntityError, 422),
    _answered("404 in HTML", "refused", errors.ApiError, 404, HTML, Content_Type="text/html"),
    _answered(
        "400 in corrupt gzip", "refused", errors.BadRequestError, 400, b"x", Content_Encoding="gzip"
    ),
    _answered(
        "400 over the limit", "refused", errors.BadRequestError, 400, b"x" * (BODY_LIMIT + 1)
    ),
    _answered(
        "400 with nesting of 100,000", "refused", errors.BadRequestError, 400, b"[" * 100_000
    ),
    *(
        _answered(
            f"{status} to another host", "refused", errors.ApiError, status, b"", Location="{other}"
        )
        for status in (301, 302, 307, 308)
    ),
    # This redirect usually refers to the result of a request that was carried out.
    _answered("303 to another host", "made up", errors.ApiError, 303, b"", Location="{other}"),
    _answered("304", "refused", errors.ApiError, 304, b""),
    _answered("408", "server error", errors.ApiError, 408),
    _answered("500", "server error", errors.ServiceError, 500),
    _answered(
        "500 in HTML", "server error", errors.ServiceError, 500, HTML, Content_Type="text/html"
    ),
    _answered(
        "502 in HTML", "server error", errors.ServiceError, 502, HTML, Content_Type="text/html"
    ),
    _answered("503", "server error", errors.ServiceError, 503),
    _answered("504", "server error", errors.ServiceError, 504),
    _answered("501", "server's end", errors.ServiceError, 501),
    _answered("529", "server's end", errors.ServiceError, 529),
    _answered("600", "server's end", errors.ServiceError, 600),
    *(
        _answered(
            f"{status}, Retry-After {shown}",
            nature,
            errors.RateLimitError if status == 429 else errors.ServiceError,
            status,
            retry_after=seconds,
            Retry_After=header,
        )
        for status, nature, shown, header, seconds in RETRY_AFTER
    ),
    _answered("429", "turned away", errors.RateLimitError, 429),
]

KEY: Final = "pcsk-this-key-must-never-show"
ECHOES: Final = [
    _answered(
        "401 that echoes the key",
        "refused",
        errors.UnauthorizedError,
        401,
        f"Invalid API key {KEY}".encode(),
    ),
    _answered(
        "400 that echoes the key in JSON",
        "refused",
        errors.BadRequestError,
        400,
        {"error": {"code": KEY, "message": KEY, "details": {KEY: KEY}}},
        X_Request_Id=KEY,
    ),
    _answered(
        "302 that echoes the key",
        "refused",
        errors.ApiError,
        302,
        b"",
        Location=f"{{other}}?key={KEY}",
    ),
    _answered("500 that echoes the key", "server error", errors.ServiceError, 500, KEY.encode()),
    _spoiled("200 that echoes the key", "unusable", _body(json.dumps(KEY).encode())),
    _raw("status line that echoes the key", lambda _: b"HTTP/1.1 " + KEY.encode() + b"\r\n\r\n"),
]

FAULTS: Final = [*CONNECTION, *LOST, *UNUSABLE, *HARMLESS, *REFUSED, *ECHOES]
