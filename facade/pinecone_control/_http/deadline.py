"""How long the attempt at hand may still take, for whatever it does on the network."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

_ends: Final[ContextVar[float | None]] = ContextVar("pinecone_control_attempt_ends", default=None)


@contextmanager
def attempt_of(seconds: float) -> Iterator[None]:
    """Bound what this task or thread does on the network within the block, in real seconds."""
    token = _ends.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _ends.reset(token)


def time_left(timeout: float | None, expired: type[Exception]) -> float | None:
    """Return the seconds that one step may take: `timeout`, or what is left if that is less.

    Raises:
        Exception: of class `expired`; the attempt has no time left.
    """
    ends = _ends.get()
    if ends is None:
        return timeout
    left = ends - time.monotonic()
    if left <= 0:
        raise expired("the attempt's time is up")
    return left if timeout is None else min(left, timeout)
