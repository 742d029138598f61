"""The deadlines of calls and of the current attempt, stored in context variables."""

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
    """The time on a clock at which calls must have ended."""

    clock: Clock
    moment: float


# Only a weak reference: wherever ctrl-C interrupts a block, the bound disappears with the frame of
# the block and does not limit later calls.
_calls_end: Final[ContextVar[weakref.ref[_Bound] | None]] = ContextVar(
    "pinecone_control_calls_end", default=None
)


@contextmanager
def calls_end_at(moment: float, clock: Clock) -> Iterator[None]:
    """End the calls that are made within the block at a time on their client's clock."""
    bound = _Bound(clock, moment)
    before = _calls_end.get()
    try:
        _calls_end.set(weakref.ref(bound))
        yield
    finally:
        _calls_end.set(before)


def end_of_calls(clock: Clock) -> float:
    """Return the time on a client's clock at which its calls must have ended."""
    reference = _calls_end.get()
    bound = None if reference is None else reference()
    return bound.moment if bound is not None and bound.clock is clock else math.inf


@contextmanager
def attempt_of(seconds: float) -> Iterator[None]:
    """Limit the network operations of this task or thread in the block, in real seconds."""
    token = _attempt_ends.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _attempt_ends.reset(token)


def time_left(timeout: float | None, expired: type[Exception]) -> float | None:
    """Return the seconds that one step may take: `timeout`, or what is left if that is less.

    Raises:
        Exception: of class `expired`, if the attempt has no time left.
    """
    ends = _attempt_ends.get()
    if ends is None:
        return timeout
    left = ends - time.monotonic()
    if left <= 0:
        raise expired("the attempt's time is up")
    return left if timeout is None else min(left, timeout)
