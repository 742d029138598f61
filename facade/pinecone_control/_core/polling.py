"""The pauses of a waiter, and checks of what it is told. Pure."""

import math
import random
from collections.abc import Iterator
from typing import Final

from pinecone_control.clock import LONGEST_SECONDS
from pinecone_control.errors import PineconeValueError

_FIRST: Final = 0.5
_GROWTH: Final = 1.5
_LONGEST: Final = 5.0
_JITTER: Final = 0.1


def pauses(poll_interval: float | None) -> Iterator[float]:
    """Yield the seconds before each further look, without end.

    Args:
        poll_interval: seconds between looks; None is adaptive: half a second at first, growing by
            half each time up to five seconds, each moved by up to a tenth so that many waiters do
            not knock at once.
    """
    if poll_interval is not None:
        while True:
            yield poll_interval
    pause = _FIRST
    while True:
        yield pause * random.uniform(1 - _JITTER, 1.0)
        pause = min(pause * _GROWTH, _LONGEST)


def checked_wait(timeout: float, poll_interval: float | None) -> None:
    """Refuse what no wait can work with.

    Raises:
        PineconeValueError: naming the argument and what is allowed.
    """
    checked_seconds("timeout", timeout)
    if poll_interval is not None:
        checked_seconds("poll_interval", poll_interval)


def checked_seconds(name: str, seconds: float) -> float:
    """Return `seconds` if they can be waited for.

    Raises:
        PineconeValueError: naming the argument and what is allowed.
    """
    is_number = isinstance(seconds, int | float) and not isinstance(seconds, bool)
    if not is_number or not (0 < seconds <= LONGEST_SECONDS or seconds == math.inf):
        raise PineconeValueError(
            f"{name} must be seconds, a number above 0 and at most {LONGEST_SECONDS:,.0f} or "
            f"infinite, got {seconds!r:.100}"
        )
    return seconds
