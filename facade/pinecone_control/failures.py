"""What an answer or an exception of httpx means for the retry decision."""

import httpx

from pinecone_control.errors import shown
from pinecone_control.retry import Failure, parse_retry_after


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


def failure_of_exception(error: Exception, seconds: float) -> Failure:  # noqa: PLR0911 - a table
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
    import ssl  # noqa: PLC0415 - only ever needed after a failure

    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return error.verify_message or str(error)
        error = error.__cause__ or error.__context__
    return None
