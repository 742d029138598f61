"""Decide whether and when a failed request is retried. Pure: no I/O, clock or randomness.

`pinecone_control.retry` states the rules, next to the policy that limits them.
"""

from typing import Final, Literal

from attrs import frozen

from pinecone_control._core.error_body import UNREAD, ErrorBody
from pinecone_control.retry import RETRIED_STATUSES, RetryPolicy

_SEE_OTHER: Final = 303
_REQUEST_TIMEOUT: Final = 408
_TOO_MANY_REQUESTS: Final = 429
_UNAVAILABLE: Final = 503
_SERVER_ERRORS: Final = 500
_READING: Final = frozenset({"GET", "HEAD"})
_REPEATABLE: Final = _READING | {"DELETE"}

Cause = Literal[
    "no TLS",
    "unknown authority",
    "expired certificate",
    "certificate of another host",
    "form of the certificate",
    "client certificate",
    "proxy",
]


@frozen
class Failure:
    """How one attempt failed."""

    kind: Literal["not sent", "no answer", "refused"]
    """`not sent`: no connection was established, so the server certainly did nothing. `no answer`:
    the request may have been sent, and the server may have carried it out. `refused`: there was an
    error response; see `status`."""
    reason: str
    status: int = 0
    """HTTP status of an error response, otherwise 0."""
    retry_after: float | None = None
    """Seconds that the server asks the client to wait."""
    permanent: bool = False
    """Whether a retry would fail too, as with an untrusted certificate."""
    timed_out: bool = False
    cause: Cause | None = None
    """The cause, if it is known."""
    error: ErrorBody = UNREAD
    """The body of an error response."""
    proves_absence: bool = False
    """Whether the API says that the resource in the request does not exist."""

    @property
    def nothing_done(self) -> bool:
        """Whether the server certainly did nothing.

        A rate limiter rejects a request before passing it on, so a 429 proves this, whoever sent it
        (an assumption). A gateway can send a 503 after passing the request on: Varnish's page for a
        server that did not respond in time has a Retry-After. A 503 must therefore be the API's.
        """
        turned_away = self.status == _TOO_MANY_REQUESTS or (
            self.status == _UNAVAILABLE and self.retry_after is not None and self.error.from_api
        )
        return self.kind == "not sent" or turned_away

    @property
    def may_pass(self) -> bool:
        """Whether the same request may succeed a little later."""
        return not self.permanent and (self.kind != "refused" or self.status in RETRIED_STATUSES)

    @property
    def shows_service(self) -> bool:
        """Whether the failure shows that the API works: it processed the request and refused it."""
        return self.error.from_api and not self.may_pass and self.status < _SERVER_ERRORS

    @property
    def doubtful(self) -> bool:
        """Whether the server may have carried out the request although it reported no success."""
        # A 303 usually refers to the result of a request that was carried out (RFC 9110).
        is_refusal = self.status // 100 in {3, 4} and self.status not in {
            _SEE_OTHER,
            _REQUEST_TIMEOUT,
        }
        return not self.nothing_done and (self.kind == "no answer" or not is_refusal)

    def allows_resending(self, method: str) -> bool:
        """Return whether a retry with this method can do no harm and may succeed."""
        return self.may_pass and (method in _REPEATABLE or self.nothing_done)

    def leaves_unknown(self, method: str, *, doubtful_before: bool) -> bool:
        """Return whether a call that ends with this failure may have changed something.

        Args:
            method: HTTP method in capitals.
            doubtful_before: whether an earlier attempt of the call was doubtful.
        """
        # An error response to one attempt does not show what an earlier attempt did.
        return method not in _READING and (self.doubtful or doubtful_before)


@frozen
class Resend:
    """Retry after `wait` seconds."""

    wait: float


@frozen
class GiveUp:
    """Raise the error now. `because` is for its message; empty if no retry was possible at all."""

    because: str = ""


def decide(
    policy: RetryPolicy,
    *,
    method: str,
    attempt: int,
    failure: Failure,
    time_left: float,
    budget_left: float,
    draw: float,
) -> Resend | GiveUp:
    """Decide what follows a failed attempt.

    Args:
        policy: the client's policy.
        method: HTTP method in capitals.
        attempt: the attempt that failed, counted from 1.
        failure: how it failed.
        time_left: seconds until the call's deadline.
        budget_left: what the client's `RetryBudget` has left for the call.
        draw: a random number from 0 to 1, for the jitter.
    """
    if not failure.allows_resending(method):
        return GiveUp()
    if attempt >= policy.attempts:
        return GiveUp("" if policy.attempts == 1 else "no attempts are left")
    if budget_left < 1:
        return GiveUp("too many recent failures: retries are paused until calls succeed again")
    # The exponent is bounded: a float overflows long before a policy's cap would bind.
    growing = policy.backoff * 2.0 ** min(attempt - 1, 60)
    asked = failure.retry_after or 0.0
    wait = asked + draw * min(policy.backoff_cap, max(growing, asked / 2))
    if wait >= time_left:
        return GiveUp("the next attempt would come after the deadline")
    return Resend(wait)


def means_done(method: str, failure: Failure, *, after_doubt: bool) -> bool:
    """Return whether this response proves that an earlier, unanswered attempt had succeeded."""
    return method == "DELETE" and failure.proves_absence and after_doubt
