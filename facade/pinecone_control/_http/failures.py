"""What an answer or an exception of httpx means for the retry decision."""

import math
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

from pinecone_control._core.retry_decision import Failure
from pinecone_control._core.text import shown


class UnreadableAnswerError(Exception):
    """Internal: a success came, but its body is too large or cannot be decompressed."""

    def __init__(self, answer: httpx.Response, reason: str) -> None:
        super().__init__(reason)
        self.answer = answer


def failure_of_answer(answer: httpx.Response) -> Failure:
    """Classify an answer that is not a success."""
    return Failure(
        "refused",
        reason=f"{answer.status_code} {answer.reason_phrase}".strip(),
        status=answer.status_code,
        retry_after=parse_retry_after(answer.headers.get("retry-after")),
    )


def failure_of_exception(error: Exception, seconds: float) -> Failure:
    """Classify what was raised while connecting, sending or reading.

    Args:
        error: what was raised.
        seconds: what the attempt had.
    """
    match error:
        case httpx.ConnectTimeout():
            return Failure("not sent", f"no connection within {seconds:.3g} s", timed_out=True)
        case httpx.PoolTimeout():
            return Failure(
                "not sent", f"no connection came free within {seconds:.3g} s", timed_out=True
            )
        case httpx.ConnectError() if (problem := _certificate_problem(error)) is not None:
            return Failure("not sent", f"certificate refused: {problem}", permanent=True)
        case httpx.ConnectError() | httpx.ProxyError():
            return Failure("not sent", f"cannot connect: {_text(error)}")
        case httpx.TimeoutException():
            return Failure(
                "no answer", f"no complete answer within {seconds:.3g} s", timed_out=True
            )
        case httpx.UnsupportedProtocol() | httpx.LocalProtocolError():
            return Failure(
                "not sent", f"the request cannot be sent: {_text(error)}", permanent=True
            )
        case UnreadableAnswerError():
            return Failure("no answer", str(error), permanent=True)
    return Failure("no answer", f"the connection broke: {_text(error)}")


def _text(error: Exception) -> str:
    return shown(str(error)) or type(error).__name__


def _certificate_problem(error: BaseException | None) -> str | None:
    import ssl

    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return error.verify_message or str(error)
        error = error.__cause__ or error.__context__
    return None


def parse_retry_after(value: str | None, *, now: datetime | None = None) -> float | None:
    """Read a Retry-After header: seconds, or an HTTP date.

    Returns:
        Seconds to wait, never negative; None where the header is absent or unreadable.
    """
    if value is None:
        return None
    try:
        seconds = float(value)
    except ValueError:
        return _seconds_until(value, now or datetime.now(UTC))
    return max(0.0, seconds) if math.isfinite(seconds) else None


def _seconds_until(http_date: str, now: datetime) -> float | None:
    try:
        moment = parsedate_to_datetime(http_date)
    except (ValueError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())
