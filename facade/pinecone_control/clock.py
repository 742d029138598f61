"""The clock that a client uses: real by default, emulated in tests."""

import time
from typing import Final, Protocol

LONGEST_SECONDS: Final = 1e9
"""Thirty years; operating systems cannot wait much longer at a time."""


class Clock(Protocol):
    """The interface of a clock, which retries, deadlines and waiters use.

    Pass an object with these methods as ``Pinecone(clock=...)`` to control time. The emulator's
    clocks have them, so a test of a ten-minute restore takes milliseconds. If the object also has a
    method ``time()`` that returns the seconds since 1970-01-01 in UTC, the ages of backups refer to
    that time, otherwise to real time.
    """

    def monotonic(self) -> float:
        """Seconds since some fixed point; never goes back."""
        ...

    def sleep(self, seconds: float) -> None:
        """Return when `seconds` have passed on this clock."""
        ...

    async def async_sleep(self, seconds: float) -> None:
        """Return when `seconds` have passed on this clock; other tasks run meanwhile."""
        ...


class SystemClock:
    """Real time, on threads, asyncio and trio."""

    def monotonic(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(min(seconds, LONGEST_SECONDS))

    async def async_sleep(self, seconds: float) -> None:
        import anyio

        await anyio.sleep(min(seconds, LONGEST_SECONDS))
