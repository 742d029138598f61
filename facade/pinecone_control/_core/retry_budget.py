"""A token bucket that bounds how far a client's retries multiply an outage."""

from typing import Final

_GIVEN_BACK: Final = 0.5


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
