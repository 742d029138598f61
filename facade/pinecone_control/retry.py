"""When to send a request again. Pure decisions: no I/O, no clock, no randomness of their own.

The one rule above all: a retry must never do a thing twice.

========================  ==================================================================
GET                       sent again after connection errors, time-outs, 408, 429, 500, 502,
                          503 and 504
DELETE                    the same; a 404 on a re-send after a doubtful failure means: done
POST, PATCH               only where the server surely did nothing: the connection was never
                          established, 429, or 503 that carries Retry-After
========================  ==================================================================
"""

import math
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final, Literal

from attrs import Attribute, field, frozen

from pinecone_control.errors import PineconeValueError

_REQUEST_TIMEOUT: Final = 408
_TOO_MANY_REQUESTS: Final = 429
_UNAVAILABLE: Final = 503
_SERVER_ERRORS: Final = 500
_PASSING: Final = frozenset({408, 429, 500, 502, 503, 504})
_GIVEN_BACK: Final = 0.5
_READING: Final = frozenset({"GET", "HEAD"})
_REPEATABLE: Final = _READING | {"DELETE"}


@frozen(kw_only=True)
class RetryEvent:
    """What `RetryPolicy.on_retry` is told before the client waits and sends again."""

    operation: str
    """For example ``GET /restore-jobs``."""
    attempt: int
    """The attempt that failed, counted from 1."""
    wait: float
    """Seconds until the next attempt."""
    reason: str
    """What went wrong, in a few words: ``503``, ``connection refused``."""


def _whole(_: object, attribute: "Attribute[int]", value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise PineconeValueError(
            f"{attribute.name} must be a whole number of at least 1, got {value!r}"
        )


def _above_zero(_: object, attribute: "Attribute[float]", value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < math.inf:
        raise PineconeValueError(f"{attribute.name} must be a number above 0, got {value!r}")


@frozen(kw_only=True)
class RetryPolicy:
    """How often and how patiently a request is sent again.

    The wait before attempt *n* is drawn evenly from 0 to ``min(backoff_cap, backoff * 2**(n-2))``
    seconds (full jitter). A Retry-After from the server is waited out in full, and the jitter comes
    on top, drawn from half the Retry-After where that is more (within `backoff_cap`), so that the
    clients which were told the same do not come back as one wave.
    `RetryPolicy(attempts=1)` never retries.
    """

    attempts: int = field(default=5, validator=_whole)
    """Attempts for one call, the first included."""
    backoff: float = field(default=0.5, validator=_above_zero)
    """Seconds: upper bound of the wait after the first failure; doubles with each further one."""
    backoff_cap: float = field(default=8.0, validator=_above_zero)
    """Seconds: upper bound of any wait that the server did not ask for."""
    budget: float = field(default=8.0, validator=_above_zero)
    """Retries that a client may owe: each takes one, each success gives half of one back. When it
    is used up, calls are tried once. So a full outage costs the service these few requests more
    from each client, however long it lasts. Raise it for a client that makes many calls at once."""
    on_retry: Callable[[RetryEvent], None] | None = field(default=None, eq=False, repr=False)
    """Called before each wait; for metrics. What it raises ends the call."""


DEFAULT_RETRY: Final = RetryPolicy()


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

    @property
    def nothing_done(self) -> bool:
        """Whether the server surely did not even begin."""
        turned_away = self.status == _TOO_MANY_REQUESTS or (
            self.status == _UNAVAILABLE and self.retry_after is not None
        )
        return self.kind == "not sent" or turned_away

    @property
    def doubtful(self) -> bool:
        """Whether the server may have done what was asked, although it did not say so."""
        may_have_begun = self.status == _REQUEST_TIMEOUT or self.status >= _SERVER_ERRORS
        return not self.nothing_done and (self.kind == "no answer" or may_have_begun)

    def allows_resending(self, method: str) -> bool:
        """Whether sending `method` again can do no harm, and may help."""
        if self.permanent or (self.kind == "refused" and self.status not in _PASSING):
            return False
        return method in _REPEATABLE or self.nothing_done

    def leaves_unknown(self, method: str, *, doubtful_before: bool) -> bool:
        """Whether a call that ends with this failure may have changed something.

        Args:
            method: HTTP method in capitals.
            doubtful_before: whether an earlier attempt of the call was doubtful.
        """
        if method in _READING:
            return False
        settled = self.kind == "refused" and not self.nothing_done and not self.doubtful
        return self.doubtful or (doubtful_before and not settled)


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
        budget_left: what is left in the client's `RetryBudget`.
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


def means_done(method: str, status: int, *, after_doubt: bool) -> bool:
    """Whether this refusal says that an earlier, unanswered attempt had done the work."""
    return method == "DELETE" and status == 404 and after_doubt  # noqa: PLR2004


class RetryBudget:
    """A token bucket that keeps retries from multiplying an outage. One per client and host.

    Each retry takes a token, each success gives half of one back: retries go on as long as they
    are fewer than half of the successes. Plain float updates: two threads may lose half a token to
    each other, which does no harm.
    """

    def __init__(self, capacity: float) -> None:
        self._capacity = capacity
        self.left = capacity

    def spend(self) -> None:
        self.left = max(0.0, self.left - 1)

    def replenish(self) -> None:
        self.left = min(self._capacity, self.left + _GIVEN_BACK)


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
