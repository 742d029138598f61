"""How long calls, and the attempt at hand, may still take: bounds that the context carries."""

import math
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from attrs import frozen

from pinecone_control.clock import Clock

_attempt_ends: Final[ContextVar[float | None]] = ContextVar(
    "pinecone_control_attempt_ends", default=None
)


@frozen(eq=False)
class _Bound:
    """The moment on a clock at which calls must have ended."""

    clock: Clock
    moment: float


# Held by a weak reference alone: the bound of a block that ctrl-C has left, between any two steps,
# is gone with the frame of the block, and binds no later call.
_calls_end: Final[ContextVar[weakref.ref[_Bound] | None]] = ContextVar(
    "pinecone_control_calls_end", default=None
)


@contextmanager
def calls_end_at(moment: float, clock: Clock) -> Iterator[None]:
    """End the calls that are made within the block at a moment of their client's clock."""
    bound = _Bound(clock, moment)
    before = _calls_end.get()
    try:
        _calls_end.set(weakref.ref(bound))
        yield
    finally:
        _calls_end.set(before)


def end_of_calls(clock: Clock) -> float:
    """Return the moment on a client's clock when its calls must have ended."""
    reference = _calls_end.get()
    bound = None if reference is None else reference()
    return bound.moment if bound is not None and bound.clock is clock else math.inf


@contextmanager
def attempt_of(seconds: float) -> Iterator[None]:
    """Bound what this task or thread does on the network within the block, in real seconds."""
    token = _attempt_ends.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _attempt_ends.reset(token)


def time_left(timeout: float | None, expired: type[Exception]) -> float | None:
    """Return the seconds that one step may take: `timeout`, or what is left if that is less.

    Raises:
        Exception: of class `expired`; the attempt has no time left.
    """
    ends = _attempt_ends.get()
    if ends is None:
        return timeout
    left = ends - time.monotonic()
    if left <= 0:
        raise expired("the attempt's time is up")
    return left if timeout is None else min(left, timeout)
