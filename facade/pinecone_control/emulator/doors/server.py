"""Real HTTP, from a thread of its own: for tests and for the command."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pinecone_control.emulator.doors.http import Connection
from pinecone_control.emulator.errors import EmulatorError, PortTakenError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

    from pinecone_control.emulator.doors.http import Served
    from pinecone_control.emulator.emulator import Emulator

_PORTS = range(65_536)

_PATIENCE = 5.0
"""Real seconds that stopping may take."""

_TURNS = 5
"""Of the event loop, more than it takes to accept a connection."""


@dataclass(frozen=True, slots=True)
class Serving:
    """An emulator that listens.

    Attributes:
        url: to be given as `host` to a client, such as ``http://127.0.0.1:5081``.
        port: that it listens on.
    """

    url: str
    port: int
    _thread: threading.Thread

    @property
    def is_alive(self) -> bool:
        """Whether it still serves."""
        return self._thread.is_alive()


@contextmanager
def serve(served: Served, host: str = "127.0.0.1", port: int = 0) -> Iterator[Serving]:
    """Listen until the block ends.

    Args:
        served: the emulator, or what stands in for one.
        host: address to listen on.
        port: 0 takes a free one.

    Raises:
        PortTakenError: the address cannot be listened on.
    """
    listener = _listener(host, port)
    bound = int(listener.getsockname()[1])
    server = _Server(served, listener)
    server.start()
    try:
        shown = f"[{host}]" if ":" in host else host
        yield Serving(f"http://{shown}:{bound}", bound, server)
    finally:
        server.stop()
        listener.close()


def run(
    emulator: Emulator,
    host: str = "127.0.0.1",
    port: int = 0,
    on_ready: Callable[[str], object] = lambda _url: None,
) -> signal.Signals:
    """Serve until ctrl-C or SIGTERM, from the main thread; for commands.

    Args:
        emulator: what to serve; it is not closed.
        host: address to listen on.
        port: 0 takes a free one.
        on_ready: called with the URL once requests are answered.

    Returns:
        The signal that ended it: SIGINT or SIGTERM.

    Raises:
        PortTakenError: the address cannot be listened on.
        EmulatorError: the server ended by itself.
    """
    received: list[int] = []
    wake = threading.Event()

    def note(number: int, _frame: FrameType | None) -> None:
        received.append(number)
        wake.set()

    with emulator.serve(host, port) as serving, _handling(note):
        on_ready(serving.url)
        while not wake.wait(1.0):
            if not serving.is_alive:
                raise EmulatorError(f"the server on {serving.url} has ended by itself")
    return signal.Signals(received[0])


@contextmanager
def _handling(note: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    signals = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, note) for number in signals}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _listener(host: str, port: int) -> socket.socket:
    if port not in _PORTS:
        raise PortTakenError(f"cannot listen on {host}:{port}: a port is a number up to 65535")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=512)
    except socket.gaierror as error:
        raise PortTakenError(
            f"cannot listen on {host}:{port}: the host does not resolve ({error.strerror})"
        ) from error
    except OSError as error:
        # `strerror` of create_server names the address once more.
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise PortTakenError(f"cannot listen on {host}:{port}: {reason}") from error
    # Without this an answer of more than one packet waits 40 ms for an acknowledgement.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


class _Server(threading.Thread):
    """An event loop of its own, in a thread of its own."""

    def __init__(self, served: Served, listener: socket.socket) -> None:
        super().__init__(name="pinecone-control emulator", daemon=True)
        self._served = served
        self._listener = listener
        self._loop = asyncio.new_event_loop()
        self._stopping = asyncio.Event()

    def run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    def stop(self) -> None:
        """Close every connection and end; a second call does nothing."""
        with suppress(RuntimeError):  # the loop has ended by itself
            self._loop.call_soon_threadsafe(self._stopping.set)
        self.join(_PATIENCE)

    async def _serve(self) -> None:
        connections: set[Connection] = set()
        server = await self._loop.create_server(
            lambda: Connection(self._served, connections), sock=self._listener
        )
        await self._stopping.wait()
        server.close()
        for _ in range(_TURNS):  # of the loop: connections that are being accepted come up too
            for connection in tuple(connections):
                connection.close()
            await asyncio.sleep(0)  # those that have nothing left to send are closed now
        for connection in tuple(connections):
            connection.abort()
