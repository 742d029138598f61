"""The pauses between a waiter's requests, and checks of its arguments. Pure."""

import random
from collections.abc import Callable, Iterator
from typing import Final

from pinecone_control._checks import function_or_none, seconds, switch

_FIRST: Final = 0.5
_GROWTH: Final = 1.5
_LONGEST: Final = 5.0
_JITTER: Final = 0.1


def pauses(poll_interval: float | None) -> Iterator[float]:
    """Yield the seconds to pause before each further request, without end.

    Args:
        poll_interval: seconds between requests; None is adaptive: half a second at first, then
            half as much again each time, up to five seconds. Each pause is shortened by up to a
            tenth at random, so that many waiters do not send requests at once.
    """
    if poll_interval is not None:
        while True:
            yield poll_interval
    pause = _FIRST
    while True:
        yield pause * random.uniform(1 - _JITTER, 1.0)
        pause = min(pause * _GROWTH, _LONGEST)


def check_wait(
    *, timeout: float, poll_interval: float | None, on_update: Callable[..., object] | None
) -> None:
    """Refuse invalid arguments of a wait.

    Raises:
        PineconeValueError: naming the argument and what is allowed.
    """
    seconds("timeout", timeout, or_infinite=True)
    if poll_interval is not None:
        seconds("poll_interval", poll_interval, or_infinite=True)
    function_or_none("on_update", on_update)


def check_wait_after_create(*, wait: bool, wait_timeout: float) -> None:
    """Refuse invalid wait arguments of a create, before anything is created.

    Raises:
        PineconeValueError: naming the argument and what is allowed.
    """
    switch("wait", wait)
    seconds("wait_timeout", wait_timeout, or_infinite=True)
