"""A connection pool that reuses the most recently used connection first.

httpcore's own pool permanently loses places if calls are cancelled while others wait, and with many
concurrent calls it spends most of its time choosing a connection. (Measured with 50 calls at once:
this pool needs half to two thirds of the time.) This pool has httpcore's interface, so it can be
replaced in one place once a release of httpcore has fixed both.
"""

import time
from collections import deque
from collections.abc import AsyncIterable, AsyncIterator
from contextlib import suppress
from functools import partial
from typing import Any, Final, TypeAlias, cast

import httpcore

from pinecone_control._http.connection_leases import Lease, Leases
from pinecone_control._http.signal_handlers import NETWORK_ERRORS
from pinecone_control._http.threads_and_loops import (
    AsyncFinalizer,
    AsyncWakeup,
    async_finalizer,
    async_is_gone,
    async_owner,
)

Connection: TypeAlias = httpcore.AsyncConnectionInterface

# Seconds. A request that must not be sent twice gets a connection that was in use this recently, or
# a new one. If a server closes an idle connection just when a request arrives, nobody knows whether
# the request was carried out (measured: up to 18 % of creates near a server's idle limit).
_SURELY_ALIVE: Final = 0.25
_REPEATABLE: Final = frozenset({b"GET", b"HEAD", b"DELETE"})
# Seconds after which a call that waits for its turn checks again by itself: if ctrl-C interrupts a
# call, its lease ends without waking the next call.
_LONGEST_SLEEP: Final = 1.0


class AsyncPool(httpcore.AsyncConnectionPool):
    """A pool of connections to one host.

    A connection belongs to the process and the event loop that opened it. In any other process or
    loop the pool neither uses nor closes it, and opens other connections.

    Args:
        most: limit for concurrent requests; more wait, as long as their `pool` timeout allows.
        idle_seconds: seconds after which an unused connection is closed.
        connecting: how to connect, as for httpcore's pool.
    """

    def __init__(
        self,
        *,
        most: int = 100,
        idle_seconds: float = 30.0,
        **connecting: Any,
    ) -> None:
        super().__init__(keepalive_expiry=idle_seconds, **connecting)
        self._most = most
        self._idle_seconds = idle_seconds
        self._owned: dict[object, AsyncConnections] = {}
        self._is_closed = False

    async def handle_async_request(self, request: httpcore.Request) -> httpcore.Response:
        """Send the request; its connection becomes free when the response has been read."""
        connections = self._owned.get(async_owner()) or await self._new_connections()
        lease = connections.leases.new()
        try:
            if not connections.leases.has_turn(lease):
                await connections.wait_for_turn(
                    lease, request.extensions.get("timeout", {}).get("pool")
                )
            connection = await connections.take(lease, may_be_old=request.method in _REPEATABLE)
            if connection is None:
                connection = lease.connection = self.create_connection(request.url.origin)
            response = await connection.handle_async_request(request)
        except httpcore.ConnectionNotAvailable as error:
            await connections.discard(lease)
            raise httpcore.ConnectError("the client was closed") from error
        except BaseException:
            await connections.discard(lease)
            raise
        body = cast("AsyncIterable[bytes]", response.stream)
        response.stream = AsyncPooledBody(body, connections, lease)
        return response

    async def aclose(self) -> None:
        """Close the connections of this process and event loop, including those in use."""
        self._is_closed = True
        here = async_owner()
        connections = self._owned.get(here)
        if connections is not None:
            await self._release(here)
            if connections.finalizer is not None:
                await connections.finalizer.aclose()

    async def _new_connections(self) -> "AsyncConnections":
        here = async_owner()
        for other in list(self._owned):
            if async_is_gone(other):
                self._owned.pop(other, None)
        connections = AsyncConnections(self._most, self._idle_seconds, is_closed=self._is_closed)
        connections.finalizer = await async_finalizer(partial(self._release, here))
        return self._owned.setdefault(here, connections)

    async def _release(self, owner: object) -> None:
        connections = self._owned.get(owner)
        if connections is not None:
            await connections.aclose()
            self._owned.pop(owner, None)


class AsyncConnections:
    """The connections of one process and event loop, both in use and idle."""

    def __init__(self, most: int, idle_seconds: float, *, is_closed: bool) -> None:
        self.leases: Leases[Connection] = Leases(most)
        self.finalizer: AsyncFinalizer | None = None
        self._idle_seconds = idle_seconds
        # The most recently used one is at the right end.
        self._idle: deque[tuple[float, Connection]] = deque()
        self._is_closed = is_closed

    async def wait_for_turn(self, lease: Lease[Connection], seconds: float | None) -> None:
        """Return when enough of the earlier calls have ended.

        Raises:
            httpcore.PoolTimeout: they have not ended within `seconds`.
            httpcore.ConnectError: the pool was closed in the meantime.
        """
        ends = float("inf") if seconds is None else time.monotonic() + seconds
        wakeup = AsyncWakeup()
        lease.wake = wakeup.wake
        while not self.leases.has_turn(lease):
            left = ends - time.monotonic()
            if self._is_closed:
                raise httpcore.ConnectError("the client was closed")
            if left <= 0:
                raise httpcore.PoolTimeout("no connection came free")
            await wakeup.wait(min(left, _LONGEST_SLEEP))
        lease.wake = None

    async def take(self, lease: Lease[Connection], *, may_be_old: bool) -> Connection | None:
        """Lease the most recently used idle connection; return None if none is suitable.

        Args:
            lease: the lease of the request.
            may_be_old: whether the server may have closed the connection in the meantime.

        Raises:
            httpcore.ConnectionNotAvailable: the pool was closed.
        """
        if self._is_closed:
            raise httpcore.ConnectionNotAvailable
        await self._close_oldest()
        while self._idle:
            try:
                since, lease.connection = self._idle.pop()
            except IndexError:  # another thread was faster
                return None
            connection = lease.connection
            is_alive = not (connection.is_closed() or connection.has_expired())
            if is_alive and (may_be_old or time.monotonic() - since < _SURELY_ALIVE):
                return connection
            await connection.aclose()
            lease.connection = None
            if is_alive:  # a new one takes its place; the others are older still
                return None
        return None

    async def give_back(self, lease: Lease[Connection]) -> None:
        """Keep the connection for the next request, after its response was read to the end."""
        if self._is_closed or lease.connection is None or _has_more(lease.connection):
            await self.discard(lease)
            return
        self._idle.append((time.monotonic(), lease.connection))
        lease.end()
        self.leases.wake_next()

    async def discard(self, lease: Lease[Connection]) -> None:
        """Close a connection whose request was cut short: a response may still arrive on it."""
        lease.end()
        self.leases.wake_next()
        if lease.connection is not None:
            await lease.connection.aclose()

    async def aclose(self) -> None:
        """Close all connections, including those in use."""
        self._is_closed = True
        in_use = []
        for lease in self.leases.alive():
            if lease.connection is not None:
                in_use.append(lease.connection)
            elif lease.wake is not None:
                lease.wake()
        failures = []
        while True:
            try:
                connection = in_use.pop() if in_use else self._idle.pop()[1]
            except IndexError:
                break
            try:
                await connection.aclose()
            except Exception as failure:  # noqa: BLE001 - the others must be closed too
                failures.append(failure)
        if failures:
            raise failures[0]

    async def _close_oldest(self) -> None:
        """Close the connection that has been idle for the longest time, if it exceeds the limit."""
        try:
            since, connection = self._idle.popleft()
        except IndexError:
            return
        if time.monotonic() - since < self._idle_seconds:
            self._idle.appendleft((since, connection))
        else:
            await connection.aclose()


def _has_more(connection: Any) -> bool:
    """Return whether the server sent more than the response that was requested.

    The parser keeps the rest, which would be read as the beginning of the next response. httpcore
    offers no other access to its parser; a connection without the parser known here counts as one
    that has more. A connection that a test tool answers for was never opened (respx): it has no
    parser, and nothing to read.
    """
    while hasattr(connection, "_connection"):  # of a proxy, or of the protocol
        connection = connection._connection  # noqa: SLF001 - see above
    if connection is None:
        return False
    parser = getattr(connection, "_h11_state", None)
    return parser is None or bool(parser.trailing_data[0])


class AsyncPooledBody:
    """The body of a response; its connection becomes free when the body was read to the end."""

    def __init__(
        self, body: AsyncIterable[bytes], connections: AsyncConnections, lease: Lease[Connection]
    ) -> None:
        self._body = body
        self._chunks = aiter(body)
        self._connections = connections
        self._lease = lease
        self._is_whole = False
        self._is_closed = False

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        try:
            return await anext(self._chunks)
        except StopAsyncIteration:
            self._is_whole = True
            raise

    async def aclose(self) -> None:
        """Close the body; closing twice is fine."""
        if self._is_closed:
            return
        self._is_closed = True
        try:
            await self._body.aclose()  # type: ignore[attr-defined]  # httpcore's has it
        except BaseException:
            await self._connections.discard(self._lease)
            raise
        if self._is_whole:
            await self._connections.give_back(self._lease)
        else:
            await self._connections.discard(self._lease)
            await self._end_generators()

    async def _end_generators(self) -> None:
        """End httpcore's generators on a closed connection: trio warns about unfinished ones."""
        with suppress(*NETWORK_ERRORS):
            async for _ in self._chunks:
                pass
