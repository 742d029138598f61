"""The clock of one client, whose pauses end when the client is closed."""

import time
from typing import TYPE_CHECKING

from pinecone_control._http.threads_and_loops import Wakeup, async_owner
from pinecone_control.clock import LONGEST_SECONDS, Clock, SystemClock

if TYPE_CHECKING:
    import anyio


class ClientClock:
    """A clock that all retries and waits of a client use; it knows whether the client is closed.

    If the caller passed the clock, a pause of a thread lasts as long as that clock says.

    Args:
        clock: the clock to use.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._threads: set[Wakeup] = set()
        self._tasks: set[tuple[object, anyio.CancelScope]] = set()
        self.is_closed = False

    def monotonic(self) -> float:
        return self._clock.monotonic()

    def time(self) -> float:
        """Return the seconds since 1970-01-01 in UTC; real time if the clock tells none."""
        return float(getattr(self._clock, "time", time.time)())

    def sleep(self, seconds: float) -> None:
        if not isinstance(self._clock, SystemClock):
            self._clock.sleep(seconds)
            return
        pause = Wakeup()
        self._threads.add(pause)
        try:
            if not self.is_closed:
                pause.wait(min(seconds, LONGEST_SECONDS))
        finally:
            self._threads.discard(pause)

    async def async_sleep(self, seconds: float) -> None:
        import anyio

        with anyio.CancelScope() as scope:
            pause = async_owner(), scope
            self._tasks.add(pause)
            try:
                if not self.is_closed:
                    await self._clock.async_sleep(seconds)
            finally:
                self._tasks.discard(pause)

    def close(self) -> None:
        """End the pauses of all threads, and those of the tasks of this event loop."""
        self.is_closed = True
        for thread in list(self._threads):
            thread.wake()
        for owner, task in list(self._tasks):
            if owner == async_owner():
                task.cancel()
