# Derived from _async/pool.py by scripts/generate/derive_sync.py. Do not edit.
"""A connection pool that reuses the most recently used connection first.

httpcore's own pool permanently loses places if calls are cancelled while others wait, and with many
concurrent calls it spends most of its time choosing a connection. (Measured with 50 calls at once:
this pool needs half to two thirds of the time.) This pool has httpcore's interface, so it can be
replaced in one place once a release of httpcore has fixed both.
"""

import time
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import partial
from typing import Any, Final, TypeAlias, cast

import httpcore

from pinecone_control._http.connection_leases import Lease, Leases
from pinecone_control._http.signal_handlers import NETWORK_ERRORS
from pinecone_control._http.threads_and_loops import (
    Finalizer,
    Wakeup,
    finalizer,
    is_gone,
    owner,
)

Connection: TypeAlias = httpcore.ConnectionInterface

# Seconds. A request that must not be sent twice gets a connection that was in use this recently, or
# a new one. If a server closes an idle connection just when a request arrives, nobody knows whether
# the request was carried out (measured: up to 18 % of creates near a server's idle limit).
_SURELY_ALIVE: Final = 0.25
_REPEATABLE: Final = frozenset({b"GET", b"HEAD", b"DELETE"})
# Seconds after which a call that waits for its turn checks again by itself: if ctrl-C interrupts a
# call, its lease ends without waking the next call.
_LONGEST_SLEEP: Final = 1.0


class Pool(httpcore.ConnectionPool):
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
        self._owned: dict[object, Connections] = {}
        self._is_closed = False

    def handle_request(self, request: httpcore.Request) -> httpcore.Response:
        """Send the request; its connection becomes free when the response has been read."""
        connections = self._owned.get(owner()) or self._new_connections()
        lease = connections.leases.new()
        try:
            if not connections.leases.has_turn(lease):
                connections.wait_for_turn(lease, request.extensions.get("timeout", {}).get("pool"))
            connection = connections.take(lease, may_be_old=request.method in _REPEATABLE)
            if connection is None:
                connection = lease.connection = self.create_connection(request.url.origin)
            response = connection.handle_request(request)
        except httpcore.ConnectionNotAvailable as error:
            connections.discard(lease)
            raise httpcore.ConnectError("the client was closed") from error
        except BaseException:
            connections.discard(lease)
            raise
        body = cast("Iterable[bytes]", response.stream)
        response.stream = PooledBody(body, connections, lease)
        return response

    def close(self) -> None:
        """Close the connections of this process and event loop, including those in use."""
        self._is_closed = True
        here = owner()
        connections = self._owned.get(here)
        if connections is not None:
            self._release(here)
            if connections.finalizer is not None:
                connections.finalizer.close()

    def _new_connections(self) -> "Connections":
        here = owner()
        for other in list(self._owned):
            if is_gone(other):
                self._owned.pop(other, None)
        connections = Connections(self._most, self._idle_seconds, is_closed=self._is_closed)
        connections.finalizer = finalizer(partial(self._release, here))
        return self._owned.setdefault(here, connections)

    def _release(self, owner: object) -> None:
        connections = self._owned.get(owner)
        if connections is not None:
            connections.close()
            self._owned.pop(owner, None)


class Connections:
    """The connections of one process and event loop, both in use and idle."""

    def __init__(self, most: int, idle_seconds: float, *, is_closed: bool) -> None:
        self.leases: Leases[Connection] = Leases(most)
        self.finalizer: Finalizer | None = None
        self._idle_seconds = idle_seconds
        # The most recently used one is at the right end.
        self._idle: deque[tuple[float, Connection]] = deque()
        self._is_closed = is_closed

    def wait_for_turn(self, lease: Lease[Connection], seconds: float | None) -> None:
        """Return when enough of the earlier calls have ended.

        Raises:
            httpcore.PoolTimeout: they have not ended within `seconds`.
            httpcore.ConnectError: the pool was closed in the meantime.
        """
        ends = float("inf") if seconds is None else time.monotonic() + seconds
        wakeup = Wakeup()
        lease.wake = wakeup.wake
        while not self.leases.has_turn(lease):
            left = ends - time.monotonic()
            if self._is_closed:
                raise httpcore.ConnectError("the client was closed")
            if left <= 0:
                raise httpcore.PoolTimeout("no connection came free")
            wakeup.wait(min(left, _LONGEST_SLEEP))
        lease.wake = None

    def take(self, lease: Lease[Connection], *, may_be_old: bool) -> Connection | None:
        """Lease the most recently used idle connection; return None if none is suitable.

        Args:
            lease: the lease of the request.
            may_be_old: whether the server may have closed the connection in the meantime.

        Raises:
            httpcore.ConnectionNotAvailable: the pool was closed.
        """
        if self._is_closed:
            raise httpcore.ConnectionNotAvailable
        self._close_oldest()
        while self._idle:
            try:
                since, lease.connection = self._idle.pop()
            except IndexError:  # another thread was faster
                return None
            connection = lease.connection
            is_alive = not (connection.is_closed() or connection.has_expired())
            if is_alive and (may_be_old or time.monotonic() - since < _SURELY_ALIVE):
                return connection
            connection.close()
            lease.connection = None
            if is_alive:  # a new one takes its place; the others are older still
                return None
        return None

    def give_back(self, lease: Lease[Connection]) -> None:
        """Keep the connection for the next request, after its response was read to the end."""
        if self._is_closed or lease.connection is None or _has_more(lease.connection):
            self.discard(lease)
            return
        self._idle.append((time.monotonic(), lease.connection))
        lease.end()
        self.leases.wake_next()

    def discard(self, lease: Lease[Connection]) -> None:
        """Close a connection whose request was cut short: a response may still arrive on it."""
        lease.end()
        self.leases.wake_next()
        if lease.connection is not None:
            lease.connection.close()

    def close(self) -> None:
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
                connection.close()
            except Exception as failure:  # noqa: BLE001 - the others must be closed too
                failures.append(failure)
        if failures:
            raise failures[0]

    def _close_oldest(self) -> None:
        """Close the connection that has been idle for the longest time, if it exceeds the limit."""
        try:
            since, connection = self._idle.popleft()
        except IndexError:
            return
        if time.monotonic() - since < self._idle_seconds:
            self._idle.appendleft((since, connection))
        else:
            connection.close()


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


class PooledBody:
    """The body of a response; its connection becomes free when the body was read to the end."""

    def __init__(
        self, body: Iterable[bytes], connections: Connections, lease: Lease[Connection]
    ) -> None:
        self._body = body
        self._chunks = iter(body)
        self._connections = connections
        self._lease = lease
        self._is_whole = False
        self._is_closed = False

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        try:
            return next(self._chunks)
        except StopIteration:
            self._is_whole = True
            raise

    def close(self) -> None:
        """Close the body; closing twice is fine."""
        if self._is_closed:
            return
        self._is_closed = True
        try:
            self._body.close()  # type: ignore[attr-defined]  # httpcore's has it
        except BaseException:
            self._connections.discard(self._lease)
            raise
        if self._is_whole:
            self._connections.give_back(self._lease)
        else:
            self._connections.discard(self._lease)
            self._end_generators()

    def _end_generators(self) -> None:
        """End httpcore's generators on a closed connection: trio warns about unfinished ones."""
        with suppress(*NETWORK_ERRORS):
            for _ in self._chunks:
                pass
