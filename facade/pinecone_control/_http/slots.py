"""How many may be in somewhere at once; the others wait outside."""

import queue

import httpx


class Gate:
    """A gate for threads.

    A queue of places, and no semaphore: that one is written in Python, and ctrl-C in the middle of
    it leaves its lock locked for ever (measured).
    """

    def __init__(self, places: int) -> None:
        self._places: queue.SimpleQueue[None] = queue.SimpleQueue()
        for _ in range(places):
            self.leave()

    def enter(self, seconds: float | None) -> None:
        """Take a place, when there is one.

        Raises:
            httpx.PoolTimeout: there was none for so many seconds.
        """
        try:
            self._places.get(timeout=seconds)
        except queue.Empty:
            raise httpx.PoolTimeout("no connection came free") from None

    def leave(self) -> None:
        """Give the place back."""
        self._places.put(None)


class AsyncGate:
    """The same for tasks."""

    def __init__(self, places: int) -> None:
        import anyio

        self._places = anyio.Semaphore(places, fast_acquire=True)

    async def enter(self, seconds: float | None) -> None:
        """Take a place, when there is one.

        Raises:
            httpx.PoolTimeout: there was none for so many seconds.
        """
        import anyio

        try:
            self._places.acquire_nowait()
        except anyio.WouldBlock:
            with anyio.move_on_after(seconds) as waiting:
                await self._places.acquire()
            if waiting.cancelled_caught:
                raise httpx.PoolTimeout("no connection came free") from None

    def leave(self) -> None:
        """Give the place back."""
        self._places.release()
