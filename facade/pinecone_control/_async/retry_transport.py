"""The one place where requests are sent, bodies read, failures turned into retries or errors."""

import logging
import random
import sys
from datetime import timedelta
from typing import Any, Final, cast

import httpx
import msgspec
from attrs import evolve

from pinecone_control._checks import instance, seconds, whole_number
from pinecone_control._core.credentials import Credentials
from pinecone_control._core.error_messages import FailedCall, no_answer, refusal, unreadable
from pinecone_control._core.retry_budget import RetryBudget
from pinecone_control._core.retry_decision import Failure, GiveUp, Resend, decide, means_done
from pinecone_control._core.settings import LARGEST_BODY, checked_clock, checked_policy
from pinecone_control._http.api_key_header import sign, unsign
from pinecone_control._http.bodies import (
    BoundedBody,
    RequestBody,
    UnreadableBodyError,
    WholeResponse,
)
from pinecone_control._http.deadline import attempt_of, end_of_calls
from pinecone_control._http.failures import (
    UnreadableAnswerError,
    failure_of_answer,
    failure_of_exception,
)
from pinecone_control._http.signal_handlers import strip_frames
from pinecone_control.clock import Clock, SystemClock
from pinecone_control.errors import PineconeError
from pinecone_control.retry import RetryEvent, RetryPolicy

logger = logging.getLogger("pinecone_control")

DEFAULT_TIMEOUT: Final = 30.0
DEFAULT_DEADLINE: Final = 120.0
DEFAULT_MAX_RESPONSE_BYTES: Final = 64 * 1024 * 1024
ATTEMPTS: Final = "pinecone_control_attempts"
"""Extension of a response: how many times its request was sent."""
_STEPS: Final = ("connect", "read", "write", "pool")
"""What httpx gives a timeout each."""
_NOT_REPEATABLE: Final = frozenset({"POST", "PATCH"})
_SHORTEST_ATTEMPT: Final = 0.001
# The body kept below is decoded already, and its length is its own.
_CODING_HEADERS: Final = frozenset({b"content-encoding", b"content-length", b"transfer-encoding"})


class ClientState:
    """What a client shares with all that `with_options` made of it."""

    is_closed = False


class AsyncRetryTransport(httpx.AsyncBaseTransport):
    """An httpx transport that retries safely and raises this package's errors.

    Only a complete 2xx answer is returned; everything else is sent again as `retry` allows, or
    raised. Put it under the generated low-level client to give that the same guarantees:
    ``AuthenticatedClient(..., httpx_args={"transport": AsyncRetryTransport(inner)})``.

    Args:
        inner: the transport that really sends.
        retry: when to send again.
        timeout: seconds for one attempt, from its start to the last byte of the answer.
        deadline: seconds for a request with all its retries.
        max_response_bytes: larger (decompressed) answers are refused.
        budget: shared by transports that talk to the same host for the same client.
        credentials: the API key and the one host that may see it; None leaves requests as they are.
        clock: what time it is, and how to wait.
        state: of the client; when that is closed, no request is sent again.

    Raises:
        PineconeValueError: an argument cannot be right.
        ApiError: the server refused (one subclass for each documented status).
        PineconeConnectionError, PineconeTimeoutError: no complete answer came.
        ResponseParsingError: a 2xx answer that cannot be decoded, or is too large.
    """

    def __init__(
        self,
        inner: httpx.AsyncBaseTransport,
        *,
        retry: RetryPolicy | None = None,
        timeout: float = DEFAULT_TIMEOUT,
        deadline: float = DEFAULT_DEADLINE,
        max_response_bytes: int = DEFAULT_MAX_RESPONSE_BYTES,
        budget: RetryBudget | None = None,
        credentials: Credentials | None = None,
        clock: Clock | None = None,
        state: ClientState | None = None,
    ) -> None:
        self._inner = instance("inner", inner, httpx.AsyncBaseTransport)
        self._retry = RetryPolicy() if retry is None else checked_policy(retry)
        self._timeout = seconds("timeout", timeout)
        self._deadline = seconds("deadline", deadline)
        self._max_response_bytes = whole_number(
            "max_response_bytes", max_response_bytes, most=LARGEST_BODY
        )
        self._budget = RetryBudget(self._retry.budget) if budget is None else budget
        self._credentials = credentials
        self._clock = SystemClock() if clock is None else checked_clock(clock)
        self._state = ClientState() if state is None else state

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        content = await request.aread()  # so that it can be sent more than once
        if content:
            request.stream = RequestBody(content)
        started = self._clock.monotonic()
        ends = min(started + self._deadline, end_of_calls(self._clock))
        doubtful = False
        attempt = 0
        while True:
            attempt += 1
            seconds = max(min(self._timeout, ends - self._clock.monotonic()), _SHORTEST_ATTEMPT)
            answer = await self._attempt(request, seconds)
            if isinstance(answer, httpx.Response) and answer.is_success:
                self._budget.succeeded(attempt - 1)
                return _succeeded(answer, attempt)
            failure = self._failure(request, answer, seconds)
            if means_done(request.method, failure, after_doubt=doubtful):
                self._budget.succeeded(attempt - 1)
                return _succeeded(httpx.Response(202, request=request), attempt)
            now = self._clock.monotonic()
            if failure.shows_service:
                self._budget.succeeded(attempt - 1)
            elif failure.retry_after is None:
                self._budget.failed(now)
            decision = decide(
                self._retry,
                method=request.method,
                attempt=attempt,
                failure=failure,
                time_left=ends - now,
                budget_left=self._budget.left_for(started),
                draw=random.random(),
            )
            if isinstance(decision, Resend) and not self._state.is_closed:
                self._budget.spend()
                self._announce(request, attempt, failure, decision.wait)
                await self._clock.async_sleep(decision.wait)
            if self._state.is_closed:
                decision = GiveUp("the client was closed")
            if isinstance(decision, Resend):
                doubtful = doubtful or failure.doubtful
                continue
            failed = FailedCall(
                method=request.method,
                path=request.url.path,
                host=str(request.url.copy_with(raw_path=b"/")).rstrip("/"),
                key_source=self._credentials.source if self._credentials else "the caller",
                attempts=attempt,
                seconds=now - started,
                name=_named_in(request.content),
                outcome_unknown=failure.leaves_unknown(request.method, doubtful_before=doubtful),
                gave_up_because=decision.because,
            )
            raise self._error(failed, failure, answer) from _cause(answer)

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def _attempt(self, request: httpx.Request, seconds: float) -> httpx.Response | Exception:
        """Send once and read the whole answer; what goes wrong on the way is returned."""
        began = self._clock.monotonic()
        handled = sys.exception()
        request.extensions = {**request.extensions, "timeout": dict.fromkeys(_STEPS, seconds)}
        has_own_trace = isinstance(request.extensions.get("trace"), AsyncSendTrace | None)
        if request.method in _NOT_REPEATABLE and has_own_trace:
            request.extensions["trace"] = AsyncSendTrace()
        try:
            with attempt_of(seconds):
                response = await self._send(request)
                try:
                    _refuse_unasked(response)
                    body = await self._read(response, began + seconds)
                except UnreadableBodyError as error:
                    # A refusal is one whatever its body, and a deletion needs none.
                    if response.is_success and request.method != "DELETE":
                        return UnreadableAnswerError(
                            self._complete(response, b"", request), str(error)
                        )
                    body = b""
                finally:
                    await response.aclose()
        except (httpx.RequestError, httpx.StreamError) as error:
            error.args = tuple(self._redact(str(arg)) for arg in error.args)
            return error
        except BaseException as error:
            # Not the network's: of a signal handler, or of a transport below.
            strip_frames(error, until=handled)
            raise
        complete = self._complete(response, body, request)
        complete.elapsed = timedelta(seconds=self._clock.monotonic() - began)
        return complete

    async def _send(self, request: httpx.Request) -> httpx.Response:
        """Send the request; it carries the key only while it is being sent."""
        if self._credentials is None:
            return await self._inner.handle_async_request(request)
        sign(request, self._credentials)
        try:
            return await self._inner.handle_async_request(request)
        finally:
            unsign(request)

    async def _read(self, response: httpx.Response, ends: float) -> bytes:
        coding = response.headers.get("content-encoding", "")
        body = BoundedBody(coding, self._max_response_bytes)
        chunks: Any = aiter(cast("httpx.AsyncByteStream", response.stream))
        try:
            async for chunk in chunks:
                body.feed(chunk)
                if self._clock.monotonic() > ends:
                    raise httpx.ReadTimeout("the answer trickled in too slowly")
        finally:
            if hasattr(chunks, "aclose"):  # a generator, and trio warns of one that is left
                await chunks.aclose()
        return body.whole()

    def _complete(
        self, response: httpx.Response, body: bytes, request: httpx.Request
    ) -> httpx.Response:
        """Return the answer with its body in memory, cut loose from the connection."""
        redact = self._credentials.key.redact_bytes if self._credentials else bytes
        phrase = response.extensions.get("reason_phrase")
        return WholeResponse(
            response.status_code,
            [
                (name, redact(value))
                for name, value in response.headers.raw
                if name.lower() not in _CODING_HEADERS
            ],
            redact(body),
            request,
            {} if phrase is None else {"reason_phrase": redact(phrase)},
        )

    def _failure(
        self, request: httpx.Request, answer: httpx.Response | Exception, seconds: float
    ) -> Failure:
        if isinstance(answer, httpx.Response):
            failure = failure_of_answer(answer)
        else:
            sending = request.extensions.get("trace")
            never_sent = isinstance(sending, AsyncSendTrace) and sending.never_began
            failure = failure_of_exception(answer, seconds, surely_not_sent=never_sent)
        if self._credentials is None:
            return failure
        key = self._credentials.key
        return evolve(failure, reason=key.redact(failure.reason), error=failure.error.redacted(key))

    def _announce(
        self, request: httpx.Request, attempt: int, failure: Failure, wait: float
    ) -> None:
        event = RetryEvent(
            operation=f"{request.method} {request.url.path}",
            attempt=attempt,
            wait=wait,
            reason=failure.reason,
        )
        logger.info(
            "%s: attempt %d failed (%s), next in %.2f s",
            event.operation,
            event.attempt,
            event.reason,
            event.wait,
            extra={"pinecone_retry": event},
        )
        if self._retry.on_retry is not None:
            self._retry.on_retry(event)

    def _error(
        self, failed: FailedCall, failure: Failure, answer: httpx.Response | Exception
    ) -> PineconeError:
        if isinstance(answer, httpx.Response):
            return refusal(
                failed,
                failure,
                reason_phrase=answer.reason_phrase,
                headers=answer.headers,
                body=answer.content.decode("utf-8", "replace"),
            )
        if isinstance(answer, UnreadableAnswerError):
            return unreadable(
                failure.reason,
                request=failed.request,
                host=failed.host,
                attempts=failed.attempts,
                status=answer.answer.status_code,
                headers=answer.answer.headers,
                body="",
                outcome_unknown=failed.outcome_unknown,
            )
        return no_answer(failed, failure)

    def _redact(self, text: str) -> str:
        return text if self._credentials is None else self._credentials.key.redact(text)


class AsyncSendTrace:
    """Whether the sending of one request ever began, told by httpcore's trace of it.

    Until then a proxy may fail to open a tunnel, or TLS to be agreed on: nothing was done yet. A
    transport without this trace proves nothing.
    """

    def __init__(self) -> None:
        self._has_news = False
        self._has_begun = False

    @property
    def never_began(self) -> bool:
        """Whether it is proven that nothing of the request was sent."""
        return self._has_news and not self._has_begun

    async def __call__(self, event: str, about: Any) -> None:
        """Take a piece of news."""
        self._has_news = True
        if event.endswith(".send_request_headers.started"):
            self._has_begun = self._has_begun or about["request"].method != b"CONNECT"


def _named_in(body: bytes) -> str:
    """Return the `name` of a request's JSON body, or nothing."""
    try:
        name = msgspec.json.decode(body)["name"]
    except (msgspec.DecodeError, TypeError, KeyError):
        return ""
    return name if isinstance(name, str) else ""


def _refuse_unasked(response: httpx.Response) -> None:
    """Refuse an answer that was there before its request: it belongs to another one.

    A server that sends more than it was asked for leaves the rest in a connection's buffer, where
    httpcore would take it for the next answer.
    """
    connection = response.extensions.get("network_stream")
    if getattr(connection, "has_been_read", True) is False:
        raise httpx.RemoteProtocolError("an answer came before its request was sent")


def _succeeded(answer: httpx.Response, attempts: int) -> httpx.Response:
    """Return a success that knows how many attempts it took."""
    answer.extensions[ATTEMPTS] = attempts
    return answer


def _cause(answer: httpx.Response | Exception) -> BaseException | None:
    """Return an exception without its frames, whose local variables hold the signed request."""
    if isinstance(answer, httpx.Response):
        return None
    answer.__cause__ = answer.__context__ = None
    return answer.with_traceback(None)
