# Derived from _async/pool.py by scripts/generate/derive_sync.py. Do not edit.
"""Many connections side by side."""

import time
from collections import deque
from collections.abc import Callable, Iterator
from typing import cast

import httpx

from pinecone_control._http.slots import Gate


class Pool(httpx.BaseTransport):
    """A transport made of lanes: transports of one connection, for one request at a time.

    One pool of httpx could hold all connections, but with many calls at once it gives most of its
    time to choosing one of them. Measured with 50 at once: lanes take half to two thirds of
    the time of a pool with httpx's own settings, and about a seventh of that of a pool that may
    keep all its connections.

    Args:
        open_lane: makes a lane; it connects when it is first used.
        most: requests at once. More wait for one to end, as long as their `pool` time-out allows.
        idle_seconds: a lane that was free for so long is closed.
    """

    def __init__(
        self,
        open_lane: Callable[[], httpx.BaseTransport],
        *,
        most: int = 100,
        idle_seconds: float = 30.0,
    ) -> None:
        self._open_lane = open_lane
        self._gate = Gate(most)
        self._idle_seconds = idle_seconds
        self._all: set[httpx.BaseTransport] = set()
        # The one that was used last is at the right end, and is the next to be used.
        self._free: deque[tuple[float, httpx.BaseTransport]] = deque()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request down a free lane, which is free again when the answer was read."""
        self._gate.enter(request.extensions.get("timeout", {}).get("pool"))
        lane = self._take()
        try:
            stale = self._stale()
            if stale is not None:
                stale.close()
            response = lane.handle_request(request)
        except BaseException:
            self._discard(lane)
            raise
        response.stream = PoolBody(
            cast("httpx.SyncByteStream", response.stream),
            give_back=lambda: self._give_back(lane),
            discard=lambda: self._discard(lane),
            forget=lambda: self._forget(lane),
        )
        return response

    def close(self) -> None:
        """Close all connections."""
        failures = []
        while self._all:
            try:
                self._all.pop().close()
            except Exception as failure:  # noqa: BLE001 - the others must be closed too
                failures.append(failure)
        if failures:
            raise failures[0]

    def _take(self) -> httpx.BaseTransport:
        try:
            return self._free.pop()[1]
        except IndexError:
            lane = self._open_lane()
            self._all.add(lane)
            return lane

    def _give_back(self, lane: httpx.BaseTransport) -> None:
        self._free.append((time.monotonic(), lane))
        self._gate.leave()

    def _discard(self, lane: httpx.BaseTransport) -> None:
        """Close a lane on which something broke off: an answer may still be on its way."""
        self._forget(lane)
        lane.close()

    def _forget(self, lane: httpx.BaseTransport) -> None:
        self._all.discard(lane)
        self._gate.leave()

    def _stale(self) -> httpx.BaseTransport | None:
        """Take out the lane that has been free for longest, if that is too long."""
        try:
            since, lane = self._free.popleft()
        except IndexError:
            return None
        if time.monotonic() - since < self._idle_seconds:
            self._free.appendleft((since, lane))
            return None
        self._all.discard(lane)
        return lane


class PoolBody(httpx.SyncByteStream):
    """The body of an answer, which knows whether it was read to its end when it is closed."""

    _is_closed = True  # until it is complete

    def __init__(
        self,
        body: httpx.SyncByteStream,
        *,
        give_back: Callable[[], None],
        discard: Callable[[], None],
        forget: Callable[[], None],
    ) -> None:
        self._body = body
        self._give_back = give_back
        self._discard = discard
        self._forget = forget
        self._is_whole = False
        self._is_closed = False

    def __del__(self) -> None:
        """Give the place back, should ctrl-C have struck before anybody could close the answer."""
        if not self._is_closed:
            self._forget()

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._body:
            self._is_whole = False
            yield chunk
        self._is_whole = True

    def close(self) -> None:
        """Close the body; closing twice is fine."""
        if self._is_closed:
            return
        self._is_closed = True
        try:
            self._body.close()
        except BaseException:
            self._discard()
            raise
        if self._is_whole:
            self._give_back()
        else:
            self._discard()
