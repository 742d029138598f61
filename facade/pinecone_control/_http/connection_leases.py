"""Leases of connections: how many calls may use a connection of a pool at once, and who is next."""

import weakref
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Generic, TypeVar

C = TypeVar("C")


class Lease(Generic[C]):
    """The right of one call to use one connection. It ends with `end`, or when it is forgotten."""

    __slots__ = ("__weakref__", "connection", "has_ended", "wake")

    def __init__(self) -> None:
        self.connection: C | None = None
        self.has_ended = False
        self.wake: Callable[[], None] | None = None
        """Wakes the call while it waits for its turn."""

    def end(self) -> None:
        """Let another call have a connection."""
        self.has_ended = True


class Leases(Generic[C]):
    """The leases of a pool in the order in which they were given; the first ones have their turn.

    Calls that came later wait, and none of them overtakes another. (Where whoever is quicker takes
    the place that comes free, calls in a loop leave nothing to those who wait: with 120 threads, 20
    never got a place. Measured.)

    The pool holds its leases by weak references alone. Ctrl-C can strike between any two steps of a
    call: the lease of a call that was interrupted before it could end it is gone with the call's
    frames, so no place is ever lost. (A count that is raised and lowered lost one in 140
    interruptions: measured.)

    Args:
        most: leases at once that have their turn.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        # Changed by methods of the list alone: they are whole for threads and signal handlers.
        self._given: list[weakref.ref[Lease[C]]] = []

    def new(self) -> Lease[C]:
        """Return a new lease, the last one in the order."""
        lease: Lease[C] = Lease()
        self._given.append(weakref.ref(lease, self._given.remove))
        return lease

    def has_turn(self, lease: Lease[C]) -> bool:
        """Return whether the call with this lease may use a connection now."""
        return len(self._given) <= self._most or lease in self._with_turn()

    def wake_next(self) -> None:
        """Wake the calls that wait and have their turn by now."""
        if len(self._given) >= self._most:
            for lease in self._with_turn():
                if lease.wake is not None:
                    lease.wake()

    def alive(self) -> Iterator[Lease[C]]:
        """Yield the leases that have not ended, in their order."""
        for reference in self._given.copy():
            lease = reference()
            if lease is not None and not lease.has_ended:
                yield lease

    def _with_turn(self) -> Iterator[Lease[C]]:
        return islice(self.alive(), self._most)
