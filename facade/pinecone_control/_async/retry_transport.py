"""Send requests, read bodies, and turn failures into retries or errors. All calls come here."""

import sys
from datetime import timedelta
from typing import Any, Final, cast

import httpx

from pinecone_control._checks import instance, seconds, whole_number
from pinecone_control._core.credentials import Credentials
from pinecone_control._core.retry_budget import RetryBudget
from pinecone_control._core.settings import LARGEST_BODY, checked_clock, checked_policy
from pinecone_control._http.api_key_header import sign, unsign
from pinecone_control._http.bodies import (
    BoundedBody,
    RequestBody,
    UnreadableAnswerError,
    UnreadableBodyError,
    WholeResponse,
)
from pinecone_control._http.client_clock import ClientClock
from pinecone_control._http.deadline import attempt_of, end_of_calls
from pinecone_control._http.signal_handlers import raised_from_outside, strip_frames
from pinecone_control.clock import Clock
from pinecone_control.retry import RetryPolicy

DEFAULT_TIMEOUT: Final = 30.0
DEFAULT_DEADLINE: Final = 120.0
DEFAULT_MAX_RESPONSE_BYTES: Final = 64 * 1024 * 1024
ATTEMPTS: Final = "pinecone_control_attempts"
"""Extension of a response: the number of attempts."""
_STEPS: Final = ("connect", "read", "write", "pool")
"""The phases that have a timeout of their own in httpx."""
_CHANGING: Final = frozenset({"POST", "PATCH", "DELETE"})
_ACCEPTED: Final = 202
_NO_CONNECTION: Final = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
)
_SHORTEST_ATTEMPT: Final = 0.001
# The body is kept decoded, so these headers no longer describe it.
_CODING_HEADERS: Final = frozenset({b"content-encoding", b"content-length", b"transfer-encoding"})


class AsyncRetryTransport(httpx.AsyncBaseTransport):
    """An httpx transport that retries safely and raises this package's errors.

    It returns only a complete 2xx response. In all other cases it retries as `retry` allows, or
    raises an error. Put it under the generated low-level client to give that the same guarantees:
    ``AuthenticatedClient(..., httpx_args={"transport": AsyncRetryTransport(inner)})``.

    Args:
        inner: the transport that sends each attempt.
        retry: how often to retry, and how long to wait in between.
        timeout: seconds for one attempt, from its start to the last byte of the response.
        deadline: seconds for a request including all its retries.
        max_response_bytes: limit for the size of a (decompressed) response.
        budget: shared by transports that talk to the same host for the same client.
        credentials: the API key and the one host that may see it; None leaves requests as they are.
        clock: the clock to use; after a client's clock is closed, nothing is retried.

    Raises:
        PineconeValueError: an argument is invalid.
        ApiError: the server refused (one subclass for each documented status).
        PineconeConnectionError, PineconeTimeoutError: there was no complete response.
        ResponseParsingError: a 2xx response cannot be decoded, or is too large.
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
        self._clock = clock if isinstance(clock, ClientClock) else ClientClock(checked_clock(clock))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        content = await request.aread()  # so that it can be sent more than once
        if content:
            request.stream = RequestBody(content)
        started = self._clock.monotonic()
        ends = min(started + self._deadline, end_of_calls(self._clock))
        failed = None
        attempt = 0
        while True:
            attempt += 1
            seconds = max(min(self._timeout, ends - self._clock.monotonic()), _SHORTEST_ATTEMPT)
            answer = await self._attempt(request, seconds)
            if isinstance(answer, httpx.Response) and answer.is_success:
                break
            # Loaded at the first failure: it takes a thirtieth of a program's start (measured).
            from pinecone_control._http.failed_attempts import FailedAttempts

            failed = failed or FailedAttempts(
                request,
                policy=self._retry,
                budget=self._budget,
                credentials=self._credentials,
                clock=self._clock,
                began=started,
                ends=ends,
            )
            wait = failed.wait_after(
                answer, seconds=seconds, surely_not_sent=_surely_not_sent(request)
            )
            if wait is None:
                answer = httpx.Response(202, request=request)
                break
            await self._clock.async_sleep(wait)
            failed.end_if_closed()
        self._budget.succeeded(attempt - 1)
        answer.extensions[ATTEMPTS] = attempt
        return answer

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def _attempt(self, request: httpx.Request, seconds: float) -> httpx.Response | Exception:
        """Send once and read the whole response; return an error instead of raising it."""
        began = self._clock.monotonic()
        handled = sys.exception()
        request.extensions = {**request.extensions, "timeout": dict.fromkeys(_STEPS, seconds)}
        has_own_trace = isinstance(request.extensions.get("trace"), AsyncSendTrace | None)
        if request.method in _CHANGING and has_own_trace:
            request.extensions["trace"] = AsyncSendTrace()
        try:
            with attempt_of(seconds):
                response = await self._send(request)
                try:
                    body = await self._read(response, began + seconds)
                except UnreadableBodyError as error:
                    # An error status needs no readable body, and neither does an accepted deletion.
                    is_deletion = request.method == "DELETE" and response.status_code == _ACCEPTED
                    if response.is_success and not is_deletion:
                        return UnreadableAnswerError(
                            self._complete(response, b"", request), str(error)
                        )
                    body = b""
                finally:
                    await response.aclose()
        except (httpx.RequestError, httpx.StreamError) as error:
            origin = raised_from_outside(error)
            if origin is None:
                error.args = tuple(self._redact(str(arg)) for arg in error.args)
                return _after_sending(error) if _was_sent(request) else error
        except BaseException as error:
            # Not a network error: from a signal handler, or from a transport below.
            strip_frames(error, until=handled)
            raise
        else:
            complete = self._complete(response, body, request)
            complete.elapsed = timedelta(seconds=self._clock.monotonic() - began)
            return complete
        strip_frames(origin, until=handled)
        raise origin

    async def _send(self, request: httpx.Request) -> httpx.Response:
        """Send the request; it contains the key only while it is being sent."""
        if self._credentials is None:
            return await self._inner.handle_async_request(request)
        sign(request, self._credentials)
        try:
            return await self._inner.handle_async_request(request)
        finally:
            unsign(request)

    async def _read(self, response: httpx.Response, ends: float) -> bytes:
        coding = self._redact(response.headers.get("content-encoding", ""))
        body = BoundedBody(coding, self._max_response_bytes)
        chunks: Any = aiter(cast("httpx.AsyncByteStream", response.stream))
        try:
            async for chunk in chunks:
                body.feed(chunk)
                if self._clock.monotonic() > ends:
                    raise httpx.ReadTimeout("the response arrived too slowly")
        finally:
            if hasattr(chunks, "aclose"):  # a generator, and trio warns about unfinished ones
                await chunks.aclose()
        return body.whole()

    def _complete(
        self, response: httpx.Response, body: bytes, request: httpx.Request
    ) -> httpx.Response:
        """Return the response with its body in memory, independent of the connection."""
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

    def _redact(self, text: str) -> str:
        return text if self._credentials is None else self._credentials.key.redact(text)


class AsyncSendTrace:
    """Records from httpcore's trace whether the sending of a request has begun.

    If a proxy cannot open a tunnel or the TLS handshake fails before that, the server did nothing.
    A transport that reports no such events proves nothing.
    """

    def __init__(self) -> None:
        self._has_news = False
        self.has_begun = False

    @property
    def never_began(self) -> bool:
        """Whether it is proven that nothing of the request was sent."""
        return self._has_news and not self.has_begun

    async def __call__(self, event: str, about: Any) -> None:
        """Record an event of the trace."""
        self._has_news = True
        if event.endswith(".send_request_headers.started"):
            self.has_begun = self.has_begun or about["request"].method != b"CONNECT"


def _was_sent(request: httpx.Request) -> bool:
    """Return whether it is proven that the sending of a request has begun."""
    trace = request.extensions.get("trace")
    return isinstance(trace, AsyncSendTrace) and trace.has_begun


def _after_sending(error: Exception) -> Exception:
    """Return an error that does not say that the request was not sent.

    A caller's own transport may send a request, get no response, and then fail to connect again.
    """
    return httpx.ReadError(*error.args) if isinstance(error, _NO_CONNECTION) else error


def _surely_not_sent(request: httpx.Request) -> bool:
    """Return whether it is proven that nothing of a request was sent."""
    trace = request.extensions.get("trace")
    return isinstance(trace, AsyncSendTrace) and trace.never_began
