"""A token bucket that bounds how far a client's retries multiply an outage."""

import math
from typing import Final

_MORE: Final = 0.5
# If all attempts of this many seconds have failed, a new call is not retried.
_LONGEST_RUN: Final = 10.0
# If the last failure is this many seconds ago, the next one begins another outage.
_FORGOTTEN: Final = 60.0


class RetryBudget:
    """A token bucket that keeps retries from multiplying an outage. One per client and host.

    Each retry takes a token. A success gives back the tokens that its own call took, and half a
    token more. If everything fails, no tokens come back, and soon no call is retried. If half of
    the attempts fail, most calls succeed and give back the tokens of their retries.

    A client that calls rarely has many tokens for each call. A call is therefore not retried
    either if it begins when every attempt of the last ten seconds has failed. (Measured with one
    call every 30 s in an outage of a minute: 3.1 requests per call; with tokens alone 4.0. A bucket
    that refills with time would allow more.)

    The updates are not synchronized: two threads may lose half a token, which does no harm.
    """

    def __init__(self, capacity: float) -> None:
        self._capacity = capacity
        self._tokens = capacity
        self._failing_since = self._last_failure = -math.inf

    def left_for(self, began: float) -> float:
        """Return the number of retries that are left for a call that began at this time."""
        is_late = began - self._failing_since > _LONGEST_RUN
        return 0.0 if is_late and self._last_failure > -math.inf else self._tokens

    def spend(self) -> None:
        """Take the token of a retry."""
        self._tokens = max(0.0, self._tokens - 1)

    def failed(self, now: float) -> None:
        """Record a failed attempt for which the server sent no Retry-After."""
        if now - self._last_failure > _FORGOTTEN:
            self._failing_since = now
        self._last_failure = now

    def succeeded(self, retries: int) -> None:
        """Record a call that succeeded after this number of retries."""
        self._tokens = min(self._capacity, self._tokens + retries + _MORE)
        self._last_failure = -math.inf
