"""Real HTTP: uvicorn in a thread, for tests and for the command."""

from __future__ import annotations

import os
import signal
import socket
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from pinecone_control.emulator.doors.asgi import HANG_UP, AsgiApp, Receive, Scope, Send
from pinecone_control.emulator.errors import EmulatorError, PortTakenError
from pinecone_control.emulator.messages import encoded, invalid

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Iterator
    from types import FrameType

    from pinecone_control.emulator.emulator import Emulator

_PORTS = range(65_536)

_PATIENCE = 5.0
"""Real seconds that starting and stopping may take."""


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
def serve(app: AsgiApp, host: str = "127.0.0.1", port: int = 0) -> Iterator[Serving]:
    """Listen until the block ends.

    Args:
        app: what to serve.
        host: address to listen on.
        port: 0 takes a free one.

    Raises:
        PortTakenError: the address cannot be listened on.
    """
    listener = _listener(host, port)
    bound = int(listener.getsockname()[1])
    server = _Server(
        uvicorn.Config(
            app,
            http=_Protocol,
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="critical",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=1,
        )
    )
    thread = threading.Thread(
        target=server.run, args=([listener],), name="pinecone-control emulator", daemon=True
    )
    thread.start()
    try:
        if not server.is_listening.wait(_PATIENCE):
            raise EmulatorError(f"the server on {host}:{bound} did not start")
        shown = f"[{host}]" if ":" in host else host
        yield Serving(f"http://{shown}:{bound}", bound, thread)
    finally:
        server.should_exit = True
        thread.join(_PATIENCE)
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
    # Headers and body are two writes: without this the second waits 40 ms for an acknowledgement.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.is_listening = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.is_listening.set()


class _Protocol(H11Protocol):
    """uvicorn's HTTP/1.1, with a way to hang up and with errors in the documented shape."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        app: Any = self.app

        async def app_that_can_hang_up(scope: Scope, receive: Receive, send: Send) -> None:
            extensions = {**(scope.get("extensions") or {}), HANG_UP: transport.close}
            await app({**scope, "extensions": extensions}, receive, send)

        self.app = app_that_can_hang_up

    def send_400_response(self, msg: str) -> None:
        """Answer what is not HTTP/1.1 at all."""
        body = encoded(invalid(msg).answer().body)
        headers = [("content-type", "application/json"), ("connection", "close")]
        length = ("content-length", str(len(body)))
        for event in (
            h11.Response(status_code=400, headers=[*headers, length], reason=b"Bad Request"),
            h11.Data(data=body),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()
