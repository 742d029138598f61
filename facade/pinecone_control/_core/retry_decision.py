"""Whether a failed request is sent again, and after how long. Pure: no I/O, clock or randomness.

The rules are stated in `pinecone_control.retry`, next to the policy that bounds them.
"""

from typing import Final, Literal

from attrs import frozen

from pinecone_control._core.error_body import UNREAD, ErrorBody
from pinecone_control.retry import RETRIED_STATUSES, RetryPolicy

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
    "proxy",
]


@frozen
class Failure:
    """How one attempt failed."""

    kind: Literal["not sent", "no answer", "refused"]
    """`not sent`: no connection came about, so the server surely did nothing. `no answer`: the
    request was on its way, and the server may have done it. `refused`: see `status`."""
    reason: str
    status: int = 0
    """HTTP status of a refusal, else 0."""
    retry_after: float | None = None
    """Seconds that the server asked to wait."""
    permanent: bool = False
    """Nothing will change by itself, as with an untrusted certificate."""
    timed_out: bool = False
    cause: Cause | None = None
    """What stood in the way, where that was found out."""
    error: ErrorBody = UNREAD
    """What the body of a refusal said."""
    proves_absence: bool = False
    """Whether the API said that what the request names does not exist."""

    @property
    def nothing_done(self) -> bool:
        """Whether the server surely did not even begin.

        Who limits a rate refuses before passing a request on, so a 429 of anybody will do (an
        assumption). A gateway's 503 may follow a request that it has passed on: Varnish's page for
        a server that did not answer in time carries Retry-After. So a 503 must be the API's own.
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
        """Whether the API is at work: it judged the request, and refused it."""
        return self.error.from_api and not self.may_pass and self.status < _SERVER_ERRORS

    @property
    def doubtful(self) -> bool:
        """Whether the server may have done what was asked, although it did not say so."""
        may_have_begun = self.status == _REQUEST_TIMEOUT or self.status >= _SERVER_ERRORS
        return not self.nothing_done and (self.kind == "no answer" or may_have_begun)

    def allows_resending(self, method: str) -> bool:
        """Whether sending `method` again can do no harm, and may help."""
        return self.may_pass and (method in _REPEATABLE or self.nothing_done)

    def leaves_unknown(self, method: str, *, doubtful_before: bool) -> bool:
        """Whether a call that ends with this failure may have changed something.

        Args:
            method: HTTP method in capitals.
            doubtful_before: whether an earlier attempt of the call was doubtful.
        """
        # A refusal of one attempt says nothing of what an earlier one has done.
        return method not in _READING and (self.doubtful or doubtful_before)


@frozen
class Resend:
    """Send again after `wait` seconds."""

    wait: float


@frozen
class GiveUp:
    """Raise now. `because` is for the message; empty where a retry was never an option."""

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
    """Whether this refusal proves that an earlier, unanswered attempt had done the work."""
    return method == "DELETE" and failure.proves_absence and after_doubt
