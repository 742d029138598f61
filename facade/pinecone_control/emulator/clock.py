"""Clocks of an emulator: real time, scaled time, or time that only tests move.

Each clock implements `pinecone_control.clock.Clock`, so ``Pinecone(..., clock=emulator.clock)``
waits on emulated time.
"""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

LONGEST_SECONDS: Final = 100 * 365.25 * 86_400
"""Longest duration that can be requested, in seconds: a hundred years."""

_LAST_SECOND: Final = 253_402_300_799
"""End of the year 9999, the last that timestamps can show, in seconds since the epoch."""

_LONGEST_NAP: Final = 0.1
"""Real seconds after which a sleeper checks whether its clock was advanced."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=4096)  # a client that polls gets the same timestamps again and again
def timestamp(microseconds: int) -> str:
    """Return microseconds since the epoch as the service writes them: UTC, six digits, Z."""
    moment = _EPOCH + timedelta(microseconds=microseconds)
    return moment.isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


class EmulatorClock:
    """Emulated time: real time multiplied by a speed, plus whatever `advance` added.

    Args:
        start: emulated time at the beginning, in seconds since the epoch; None means now.
        speed: emulated seconds per real second; 0 means that only `advance` moves the clock.

    Raises:
        ValueError: `speed` is negative.
    """

    def __init__(self, *, start: float | None = None, speed: float = 1.0) -> None:
        if not 0 <= speed < float("inf"):
            raise ValueError(f"speed must be 0 or more, not {speed}")
        self.speed = speed
        self._start = round((time.time() if start is None else start) * 1_000_000)
        self._real_start = time.monotonic()
        self._added = 0.0
        self._lock = threading.Lock()

    def monotonic(self) -> float:
        """Return the emulated seconds since this clock was created."""
        return self._added + (time.monotonic() - self._real_start) * self.speed

    def time(self) -> float:
        """Return emulated time, in seconds since the epoch."""
        return self.microseconds() / 1_000_000

    def microseconds(self) -> int:
        """Return emulated time in whole microseconds since the epoch, as timestamps are stored."""
        return self._start + round(self.monotonic() * 1_000_000)

    def advance(self, seconds: float) -> None:
        """Jump forward by `seconds`; sleepers whose time is reached wake up.

        Raises:
            ValueError: `seconds` is negative, or leads past the year 9999; time never goes back.
        """
        if not 0 <= seconds < float("inf"):
            raise ValueError(f"a clock advances by 0 seconds or more, not by {seconds}")
        if self.time() + seconds > _LAST_SECOND:
            raise ValueError(f"a clock ends with the year 9999; {seconds} seconds lead past it")
        with self._lock:
            self._added += seconds

    def not_before(self, seconds: float) -> None:
        """Jump to a time (seconds since the epoch), unless it has already passed."""
        self.advance(max(0.0, seconds - self.time()))

    def sleep(self, seconds: float) -> None:
        """Return when `seconds` of emulated time have passed."""
        end = self.monotonic() + seconds
        while (nap := self._nap(end)) > 0:
            time.sleep(nap)

    async def async_sleep(self, seconds: float) -> None:
        """Return when `seconds` of emulated time have passed; other tasks run meanwhile."""
        import anyio.lowlevel

        end = self.monotonic() + seconds
        await anyio.lowlevel.checkpoint()
        while (nap := self._nap(end)) > 0:  # noqa: ASYNC110 - it waits for the time itself
            await anyio.sleep(nap)

    def _nap(self, end: float) -> float:
        """Return the real seconds to sleep before the next check; 0 when `end` is reached."""
        left = end - self.monotonic()
        if left <= 0:
            return 0.0
        return min(left / self.speed, _LONGEST_NAP) if self.speed else _LONGEST_NAP


class RealClock(EmulatorClock):
    """Real time."""

    def __init__(self) -> None:
        super().__init__(speed=1.0)


class ScaledClock(EmulatorClock):
    """Time that runs `speed` times as fast as real time: at 60, a minute takes a second.

    Raises:
        ValueError: `speed` is not above 0.
    """

    def __init__(self, speed: float, *, start: float | None = None) -> None:
        if not speed > 0:
            raise ValueError(f"speed must be above 0, not {speed}")
        super().__init__(start=start, speed=speed)


class ManualClock(EmulatorClock):
    """Time that stands still until `advance` or `sleep` moves it.

    `sleep(600)` returns at once, ten emulated minutes later. If two tasks sleep at the same time,
    both move the clock.

    Args:
        start: time at the beginning: seconds since the epoch, or an aware datetime.
            Default: 2025-06-01T12:00:00Z, the same in every run.
    """

    def __init__(self, start: float | datetime = datetime(2025, 6, 1, 12, tzinfo=UTC)) -> None:
        first = start.timestamp() if isinstance(start, datetime) else start
        super().__init__(start=first, speed=0.0)

    def _nap(self, end: float) -> float:
        self.advance(max(0.0, end - self.monotonic()))
        return 0.0
