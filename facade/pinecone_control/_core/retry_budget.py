"""A token bucket that bounds how far a client's retries multiply an outage."""

from typing import Final

_MORE: Final = 0.5


class RetryBudget:
    """A token bucket that keeps retries from multiplying an outage. One per client and host.

    Each retry takes a token. A success gives back those that its own call took, since they were
    well spent, and half a token more. Where everything fails, nothing comes back, and calls are
    soon tried once; where half of the attempts fail, most calls succeed and pay for their retries.
    Plain float updates: two threads may lose half a token to each other, which does no harm.
    """

    def __init__(self, capacity: float) -> None:
        self._capacity = capacity
        self.left = capacity

    def spend(self) -> None:
        self.left = max(0.0, self.left - 1)

    def replenish(self, retries: int = 0) -> None:
        """Note a success that took so many retries."""
        self.left = min(self._capacity, self.left + retries + _MORE)
