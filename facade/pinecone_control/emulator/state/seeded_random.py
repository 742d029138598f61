"""Ids and random numbers from a seed: the same seed gives the same values."""

from __future__ import annotations

import hashlib
import random
from uuid import UUID


class SeededRandom:
    """Ids and random numbers from one seed.

    Args:
        seed: any text; each value depends on it and on its purpose, never on the order of draws.
    """

    def __init__(self, seed: str) -> None:
        self._seed = hashlib.sha256(f"{seed}\x1f".encode())

    def uuid(self, *purpose: str | int) -> str:
        """Return a UUID of version 4 for a purpose."""
        return str(UUID(bytes=self._digest(purpose)[:16], version=4))

    def word(self, *purpose: str | int) -> str:
        """Return seven hexadecimal digits, as in the host of an index."""
        return self._digest(purpose).hex()[:7]

    def random(self, *purpose: str | int) -> random.Random:
        """Return a generator of random numbers for a purpose."""
        return random.Random(self._digest(purpose))

    def _digest(self, purpose: tuple[str | int, ...]) -> bytes:
        drawn = self._seed.copy()
        drawn.update("\x1f".join(map(str, purpose)).encode())
        return drawn.digest()
