"""Classify responses and exceptions of httpx for the retry decision."""

import math
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

import httpx
from attrs import evolve

from pinecone_control._core.error_body import proves_absence, read_error_body
from pinecone_control._core.retry_decision import Cause, Failure
from pinecone_control._core.text import shown
from pinecone_control._http.bodies import UnreadableAnswerError

if TYPE_CHECKING:
    import ssl

_PROXY_AUTHENTICATION: Final = 407


def failure_of_answer(answer: httpx.Response) -> Failure:
    """Classify an error response."""
    status, request = answer.status_code, answer.request
    error = read_error_body(
        status,
        answer.content.decode("utf-8", "replace"),
        answer.headers.get("content-type", ""),
    )
    now = _http_date(answer.headers.get("date", ""))
    # The server may have sent one, and a gateway in front of it another, perhaps in one line.
    asked = [
        parse_retry_after(value, now=now)
        for line in answer.headers.get_list("retry-after")
        for value in (line.split(",") if line[:1].isdigit() else [line])
    ]
    return Failure(
        "refused",
        reason=f"{status} {answer.reason_phrase}".strip(),
        status=status,
        retry_after=max((each for each in asked if each is not None), default=None),
        cause="proxy" if status == _PROXY_AUTHENTICATION else None,
        error=error,
        proves_absence=proves_absence(status, error, method=request.method, path=request.url.path),
    )


def failure_of_exception(
    error: Exception, seconds: float, *, surely_not_sent: bool = False
) -> Failure:
    """Classify an exception raised while connecting, sending or reading.

    Args:
        error: the exception.
        seconds: the time limit of the attempt.
        surely_not_sent: whether it is proven that nothing of the request was sent.
    """
    failure = _failure_of_exception(error, seconds)
    return evolve(failure, kind="not sent") if surely_not_sent else failure


def _failure_of_exception(error: Exception, seconds: float) -> Failure:
    match error:
        case httpx.ConnectTimeout():
            return Failure("not sent", f"no connection within {seconds:.3g} s", timed_out=True)
        case httpx.PoolTimeout():
            return Failure(
                "not sent", f"no connection came free within {seconds:.3g} s", timed_out=True
            )
        case httpx.ConnectError() if (problem := _certificate_problem(error)) is not None:
            return Failure(
                "not sent",
                f"certificate refused: {getattr(problem, 'verify_message', None) or problem}",
                permanent=True,
                cause=_certificate_cause(getattr(problem, "verify_code", 0)),
            )
        case httpx.ProxyError():
            return Failure("not sent", f"cannot connect: {_text(error)}", cause="proxy")
        case httpx.ConnectError():
            cause: Cause | None = "no TLS" if _answered_without_tls(error) else None
            return Failure("not sent", f"cannot connect: {_text(error)}", cause=cause)
        case httpx.TimeoutException():
            return Failure(
                "no answer", f"no complete response within {seconds:.3g} s", timed_out=True
            )
        case httpx.UnsupportedProtocol() | httpx.LocalProtocolError():
            return Failure(
                "not sent", f"the request cannot be sent: {_text(error)}", permanent=True
            )
        case UnreadableAnswerError():
            return Failure("no answer", str(error), permanent=True)
    if (alert := _client_certificate_alert(error)) is not None:
        return Failure(
            "not sent",
            f"the server refused our certificate: {alert}",
            permanent=True,
            cause="client certificate",
        )
    return Failure("no answer", f"the connection broke: {_text(error)}")


def _client_certificate_alert(error: Exception) -> str | None:
    """Return the server's alert about the client's certificate, if it ended the handshake.

    In TLS 1.3 a client may send before the server has checked its certificate; a server that
    refuses the certificate discards what was sent.
    """
    import ssl  # needed only after a failure

    for each in _chain(error):
        reason = getattr(each, "reason", None) if isinstance(each, ssl.SSLError) else None
        if reason and "ALERT" in reason and ("CERT" in reason or "UNKNOWN_CA" in reason):
            return str(reason).replace("_", " ").lower()
    return None


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and its causes, but not its context, which may be the caller's."""
    while error is not None:
        yield error
        error = error.__cause__


def _text(error: Exception) -> str:
    """Return the operating system's message, if there is one, without Python's error number."""
    told = (each.strerror for each in _chain(error) if isinstance(each, OSError))
    return shown(next(filter(None, told), None) or str(error)) or type(error).__name__


def _certificate_problem(error: BaseException | None) -> "ssl.SSLCertVerificationError | None":
    import ssl

    for each in _chain(error):
        if isinstance(each, ssl.SSLCertVerificationError):
            return each
    return None


def _certificate_cause(verify_code: int) -> Cause | None:
    """Return what is wrong with a certificate, by OpenSSL's error codes (x509_vfy.h)."""
    match verify_code:
        case 9 | 10:
            return "expired certificate"
        case 62 | 63 | 64:
            return "certificate of another host"
        case 2 | 18 | 19 | 20 | 21:
            return "unknown authority"
        # Purposes, key sizes, and what VERIFY_X509_STRICT requires, which Python 3.13 turned on.
        case 25 | 26 | 32 | 66 | 67 | 68:
            return "form of the certificate"
        case strict if 79 <= strict <= 94:
            return "form of the certificate"
    return None


def _answered_without_tls(error: httpx.ConnectError) -> bool:
    """Return whether the server did not speak TLS; OpenSSL's releases word this differently."""
    words = str(error).lower().replace("_", " ")
    return "wrong version number" in words or "record layer failure" in words


def parse_retry_after(value: str, *, now: datetime | None = None) -> float | None:
    """Read a Retry-After header: seconds, or an HTTP date.

    Args:
        value: the header.
        now: the time to compare a date with: the `Date` of the response, because clocks differ;
            None means the time of this machine.

    Returns:
        Seconds to wait, never negative; None if the header is unreadable.
    """
    try:
        seconds = float(value)
    except ValueError:
        moment = _http_date(value)
        if moment is None:
            return None
        return max(0.0, (moment - (now or datetime.now(UTC))).total_seconds())
    return max(0.0, seconds) if math.isfinite(seconds) else None


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
