"""The one place where requests are sent, bodies read, failures turned into retries or errors."""

import logging
import random
from typing import Final

import httpx

from pinecone_control.clock import Clock, SystemClock
from pinecone_control.credentials import Credentials
from pinecone_control.diagnosis import Attempted, no_answer, refusal, unreadable
from pinecone_control.errors import PineconeError
from pinecone_control.failures import (
    UnreadableBodyError,
    failure_of_answer,
    failure_of_exception,
)
from pinecone_control.retry import (
    Failure,
    Resend,
    RetryBudget,
    RetryEvent,
    RetryPolicy,
    decide,
    means_done,
)

logger = logging.getLogger("pinecone_control")

DEFAULT_TIMEOUT: Final = 30.0
DEFAULT_DEADLINE: Final = 120.0
DEFAULT_MAX_RESPONSE_BYTES: Final = 64 * 1024 * 1024
# The body kept below is decoded already, and its length is its own.
_CODING_HEADERS: Final = frozenset({"content-encoding", "content-length", "transfer-encoding"})


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

    Raises:
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
    ) -> None:
        self._inner = inner
        self._retry = retry or RetryPolicy()
        self._timeout = timeout
        self._deadline = deadline
        self._max_response_bytes = max_response_bytes
        self._budget = budget or RetryBudget(self._retry.budget)
        self._credentials = credentials
        self._clock = clock or SystemClock()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self._credentials is not None:
            self._credentials.sign(request)
        started = self._clock.monotonic()
        doubtful = False
        attempt = 0
        while True:
            attempt += 1
            time_left = started + self._deadline - self._clock.monotonic()
            answer = await self._attempt(request, min(self._timeout, time_left))
            if isinstance(answer, httpx.Response):
                if answer.is_success or means_done(
                    request.method, answer.status_code, after_doubt=doubtful
                ):
                    self._budget.replenish()
                    return _succeeded(answer)
                failure = failure_of_answer(answer)
            else:
                failure = failure_of_exception(answer, self._timeout)
            doubtful = doubtful or failure.doubtful
            now = self._clock.monotonic()
            decision = decide(
                self._retry,
                method=request.method,
                attempt=attempt,
                failure=failure,
                time_left=started + self._deadline - now,
                budget_left=self._budget.left,
                draw=random.random(),  # noqa: S311 - jitter, not a secret
            )
            if not isinstance(decision, Resend):
                attempted = Attempted(
                    method=request.method,
                    path=request.url.path,
                    host=str(request.url.copy_with(raw_path=b"/")).rstrip("/"),
                    key_source=self._credentials.source if self._credentials else "the caller",
                    attempts=attempt,
                    seconds=now - started,
                    outcome_unknown=failure.leaves_unknown(
                        request.method, doubtful_before=doubtful
                    ),
                    gave_up_because=decision.because,
                )
                raise _error(attempted, failure, answer) from _cause(answer)
            self._announce(request, attempt, failure, decision.wait)
            self._budget.spend()
            await self._clock.async_sleep(decision.wait)

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def _attempt(self, request: httpx.Request, seconds: float) -> httpx.Response | Exception:
        """Send once and read the whole answer; what httpx raised is returned, not raised."""
        ends = self._clock.monotonic() + seconds
        limits = dict.fromkeys(("connect", "read", "write", "pool"), max(seconds, 0.001))
        request.extensions = {**request.extensions, "timeout": limits}
        try:
            response = await self._inner.handle_async_request(request)
            try:
                body = await self._read(response, ends)
            finally:
                await response.aclose()
        except PineconeError:
            raise  # a transport below is of this package too, such as a contract check
        except UnreadableBodyError as error:
            # A refusal is one, whatever its body; a success without its body is of no use.
            answer = error.response
            return error if answer.is_success else _complete(answer, b"", request)
        except Exception as error:  # noqa: BLE001 - no foreign exception may escape
            return error
        return _complete(response, body, request)

    async def _read(self, response: httpx.Response, ends: float) -> bytes:
        body = bytearray()
        try:
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > self._max_response_bytes:
                    limit = f"{self._max_response_bytes:,}"
                    raise UnreadableBodyError(response, f"more than max_response_bytes, {limit}")
                # httpx's read time-out starts anew with each chunk; an attempt's does not.
                if self._clock.monotonic() > ends:
                    raise httpx.ReadTimeout("the answer trickled in too slowly")
        except httpx.DecodingError as error:
            raise UnreadableBodyError(response, f"it cannot be decompressed: {error}") from error
        return bytes(body)

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


def _complete(response: httpx.Response, body: bytes, request: httpx.Request) -> httpx.Response:
    """Return the answer with its body in memory, cut loose from the connection."""
    headers = [(k, v) for k, v in response.headers.raw if k.lower().decode() not in _CODING_HEADERS]
    kept = {k: v for k, v in response.extensions.items() if k in ("http_version", "reason_phrase")}
    return httpx.Response(
        response.status_code, headers=headers, content=body, request=request, extensions=kept
    )


def _succeeded(answer: httpx.Response) -> httpx.Response:
    """Return a success; a 404 that means `already deleted` becomes the 202 it stands for."""
    return answer if answer.is_success else httpx.Response(202, request=answer.request)


def _error(
    attempted: Attempted, failure: Failure, answer: httpx.Response | Exception
) -> PineconeError:
    if isinstance(answer, httpx.Response):
        return refusal(
            attempted,
            status=answer.status_code,
            reason_phrase=answer.reason_phrase,
            headers=answer.headers,
            body=answer.content,
            retry_after=failure.retry_after,
        )
    if isinstance(answer, UnreadableBodyError):
        return unreadable(
            failure.reason,
            request=attempted.request,
            attempts=attempted.attempts,
            status=answer.response.status_code,
            headers=answer.response.headers,
            body=b"",
        )
    return no_answer(attempted, failure.reason, timed_out=failure.timed_out)


def _cause(answer: httpx.Response | Exception) -> Exception | None:
    return answer if isinstance(answer, Exception) else None
