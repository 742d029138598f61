"""A queue of prepared faults or plans: each entry is used a limited number of times."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, Protocol, TypeVar


class Limited(Protocol):
    """An entry that can be used up.

    Attributes:
        times: number of uses; None means unlimited.
    """

    @property
    def times(self) -> int | None: ...


T = TypeVar("T", bound=Limited)


class LimitedQueue(Generic[T]):
    """Entries in the order in which they were added; the first that matches is used."""

    def __init__(self) -> None:
        self._entries: list[tuple[T, int | None]] = []

    def add(self, entry: T) -> None:
        """Append an entry."""
        self._entries.append((entry, entry.times))

    def waiting(self) -> list[T]:
        """Return the entries that have not been used up."""
        return [entry for entry, _ in self._entries]

    def clear(self) -> None:
        """Remove all entries."""
        self._entries.clear()

    def take(self, fits: Callable[[T], bool]) -> T | None:
        """Return the first entry that matches, and count that as one of its `times`."""
        for position, (entry, left) in enumerate(self._entries):
            if fits(entry):
                if left == 1:
                    del self._entries[position]
                elif left is not None:
                    self._entries[position] = (entry, left - 1)
                return entry
        return None
