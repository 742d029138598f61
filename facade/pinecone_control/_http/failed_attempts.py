"""Decide after each failed attempt of a call: wait for another attempt, or raise its error."""

import logging
import random
from typing import Final

import httpx
import msgspec
from attrs import evolve

from pinecone_control._core.credentials import Credentials
from pinecone_control._core.error_messages import FailedCall, no_answer, refusal, unreadable
from pinecone_control._core.retry_budget import RetryBudget
from pinecone_control._core.retry_decision import Failure, GiveUp, decide, means_done
from pinecone_control._http.bodies import UnreadableAnswerError
from pinecone_control._http.client_clock import ClientClock
from pinecone_control._http.failures import failure_of_answer, failure_of_exception
from pinecone_control.errors import CallError
from pinecone_control.retry import RetryEvent, RetryPolicy

logger: Final = logging.getLogger("pinecone_control")


class FailedAttempts:
    """The failed attempts of one call.

    Args:
        request: the request.
        policy: the client's retry policy.
        budget: the client's retry budget.
        credentials: the transport's credentials.
        clock: the client's clock.
        began: time on that clock when the call began.
        ends: time on that clock of the call's deadline.
    """

    def __init__(
        self,
        request: httpx.Request,
        *,
        policy: RetryPolicy,
        budget: RetryBudget,
        credentials: Credentials | None,
        clock: ClientClock,
        began: float,
        ends: float,
    ) -> None:
        self._request = request
        self._policy = policy
        self._budget = budget
        self._credentials = credentials
        self._clock = clock
        self._began = began
        self._ends = ends
        self._count = 0
        self._is_doubtful = False

    def wait_after(
        self, answer: httpx.Response | Exception, *, seconds: float, surely_not_sent: bool
    ) -> float | None:
        """Return the seconds before the next attempt; None if an earlier one has succeeded.

        Args:
            answer: the response to this attempt, or what the attempt raised.
            seconds: the time limit of the attempt.
            surely_not_sent: whether it is proven that nothing of the request was sent.

        Raises:
            CallError: the call's error, if there is no further attempt.
        """
        failure = self._note(answer, seconds, surely_not_sent=surely_not_sent)
        now = self._failed_at
        if means_done(self._request.method, failure, after_doubt=self._is_doubtful):
            return None
        self._is_doubtful = self._is_doubtful or failure.doubtful
        if failure.shows_service:
            self._budget.succeeded(self._count - 1)
        elif failure.retry_after is None:
            self._budget.failed(now)
        decision = decide(
            self._policy,
            method=self._request.method,
            attempt=self._count,
            failure=failure,
            time_left=self._ends - now,
            budget_left=self._budget.left_for(self._began),
            draw=random.random(),
        )
        self.end_if_closed()
        if isinstance(decision, GiveUp):
            raise self._error(decision.because)
        self._budget.spend()
        self._announce(decision.wait)
        return decision.wait

    def refusal(self, answer: httpx.Response) -> CallError:
        """Return the call's error for a response after which there is no further attempt."""
        self._note(answer, 0.0, surely_not_sent=False)
        return self._error()

    def end_if_closed(self) -> None:
        """Raise the call's error if the client was closed."""
        if self._clock.is_closed:
            raise self._error("the client was closed")

    def _note(
        self, answer: httpx.Response | Exception, seconds: float, *, surely_not_sent: bool
    ) -> Failure:
        if isinstance(answer, httpx.Response):
            failure = failure_of_answer(answer)
        else:
            failure = failure_of_exception(answer, seconds, surely_not_sent=surely_not_sent)
        if self._credentials is not None:
            key = self._credentials.key
            failure = evolve(
                failure, reason=key.redact(failure.reason), error=failure.error.redacted(key)
            )
        self._count += 1
        self._answer, self._failure = answer, failure
        self._failed_at = self._clock.monotonic()
        return failure

    def _announce(self, wait: float) -> None:
        event = RetryEvent(
            operation=f"{self._request.method} {self._request.url.path}",
            attempt=self._count,
            wait=wait,
            reason=self._failure.reason,
        )
        logger.info(
            "%s: attempt %d failed (%s), next in %.2f s",
            event.operation,
            event.attempt,
            event.reason,
            event.wait,
            extra={"pinecone_retry": event},
        )
        if self._policy.on_retry is not None:
            self._policy.on_retry(event)

    def _error(self, because: str = "") -> CallError:
        request, failure, answer = self._request, self._failure, self._answer
        failed = FailedCall(
            method=request.method,
            path=request.url.path,
            host=str(request.url.copy_with(raw_path=b"/")).rstrip("/"),
            key_source=self._credentials.source if self._credentials else "the caller",
            attempts=self._count,
            seconds=self._failed_at - self._began,
            name=_named_in(request.content),
            outcome_unknown=failure.leaves_unknown(
                request.method, doubtful_before=self._is_doubtful
            ),
            gave_up_because=because,
        )
        if isinstance(answer, httpx.Response):
            return refusal(
                failed,
                failure,
                reason_phrase=answer.reason_phrase,
                headers=answer.headers,
                body=answer.content.decode("utf-8", "replace"),
            )
        if isinstance(answer, UnreadableAnswerError):
            error: CallError = unreadable(
                failure.reason,
                request=failed.request,
                host=failed.host,
                attempts=failed.attempts,
                status=answer.answer.status_code,
                headers=answer.answer.headers,
                body="",
                outcome_unknown=failed.outcome_unknown,
            )
        else:
            error = no_answer(failed, failure)
        # Without its frames, whose local variables hold the request with its key.
        answer.__cause__ = answer.__context__ = None
        error.__cause__ = answer.with_traceback(None)
        return error


def _named_in(body: bytes) -> str:
    """Return the `name` in a request's JSON body, or an empty text."""
    try:
        name = msgspec.json.decode(body)["name"]
    except (msgspec.DecodeError, TypeError, KeyError):
        return ""
    return name if isinstance(name, str) else ""
