"""An HTTP/1.1 server on aiohttp's low-level server, in a thread of its own.

The low-level server gives access to the connection's transport, so that faults can close
connections before, or in the middle of, a response.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import logging
import os
import signal
import socket
import threading
from contextlib import contextmanager, suppress
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Final

from aiohttp import web
from attrs import frozen

from pinecone_control.emulator.api.http_error import HttpError
from pinecone_control.emulator.api.http_messages import Request, Response
from pinecone_control.emulator.errors import EmulatorError, PortTakenError
from pinecone_control.emulator.servers.browser_guard import check_browser

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

    from pinecone_control.emulator.servers.application import Application

logger = logging.getLogger("pinecone_control.emulator")

_PORTS: Final = range(65_536)
_BACKLOG: Final = 512

_STOP_TIMEOUT: Final = 5.0
"""Seconds that stopping may take."""

_SHUTDOWN_GRACE: Final = 0.1
"""Seconds that responses in progress have to complete when the server stops."""

_IDLE_TIMEOUT: Final = 300.0
"""Seconds after which a connection without a request is closed."""

_READ_SIZE: Final = 16 * 1024
"""Bytes that are read and parsed before other connections get their turn."""

_CHECK_INTERVAL: Final = 1.0
_TRIM: Final = getattr(ctypes.pythonapi, "malloc_trim", None)
"""Returns freed memory to the system; glibc alone has it."""

_MANY_CONNECTIONS: Final = 1_000

_MAX_HEAD_LINE: Final = 64 * 1024
"""Maximum bytes of a request line or of a header."""

_MAX_DISCARDED: Final = 64 * 1024 * 1024
"""Maximum bytes of a body that are read and discarded so that its sender can read the 413."""


@frozen
class RunningServer:
    """An emulator that serves over HTTP.

    Attributes:
        url: the `host` to pass to a client, such as ``http://127.0.0.1:5081``.
        port: the port that it listens on.
    """

    url: str
    port: int
    _thread: threading.Thread

    @property
    def is_alive(self) -> bool:
        """Whether it is still serving."""
        return self._thread.is_alive()


@contextmanager
def serve(
    application: Application, host: str = "127.0.0.1", port: int = 0
) -> Iterator[RunningServer]:
    """Serve in a thread until the block ends.

    Args:
        application: the emulator, or a substitute for one.
        host: address to listen on.
        port: the port; 0 means any free one.

    Raises:
        PortTakenError: the server cannot listen on the address.
    """
    listener = _listener(host, port)
    bound = int(listener.getsockname()[1])
    thread = _ServerThread(application, listener, host)
    thread.start()
    try:
        shown = f"[{host}]" if ":" in host else host
        yield RunningServer(f"http://{shown}:{bound}", bound, thread)
    finally:
        thread.stop()
        listener.close()


def run(
    application: Application,
    host: str = "127.0.0.1",
    port: int = 0,
    on_ready: Callable[[str], object] = lambda _url: None,
) -> signal.Signals:
    """Serve until ctrl-C or SIGTERM; commands call this in the main thread.

    Args:
        application: the emulator to serve; it is not closed.
        host: address to listen on.
        port: the port; 0 means any free one.
        on_ready: called with the URL when the server is ready for requests.

    Returns:
        The signal that ended it: SIGINT or SIGTERM.

    Raises:
        PortTakenError: the server cannot listen on the address.
        EmulatorError: the server ended by itself.
    """
    # Unlike an event, a queue can be used by a signal handler that interrupts its own `get`.
    received: SimpleQueue[int] = SimpleQueue()
    with serve(application, host, port) as server, _handling(received):
        on_ready(server.url)
        while server.is_alive:
            with suppress(Empty):
                return signal.Signals(received.get(timeout=1.0))
        raise EmulatorError(f"the server on {server.url} has ended by itself")


@contextmanager
def _handling(received: SimpleQueue[int]) -> Iterator[None]:
    """Put SIGINT and SIGTERM into a queue until the block ends."""

    def note(number: int, _frame: FrameType | None) -> None:
        received.put(number)

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
        return socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except socket.gaierror as error:
        raise PortTakenError(
            f"cannot listen on {host}:{port}: the host does not resolve ({error.strerror})"
        ) from error
    except OSError as error:
        # The `strerror` of create_server repeats the address.
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise PortTakenError(f"cannot listen on {host}:{port}: {reason}") from error


class _ServerThread(threading.Thread):
    """An event loop of its own, in a thread of its own."""

    def __init__(self, application: Application, listener: socket.socket, host: str) -> None:
        super().__init__(name="pinecone-control emulator", daemon=True)
        self._application = application
        self._listener = listener
        self._host = host
        self._loop = asyncio.new_event_loop()
        self._stopping = asyncio.Event()

    def run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    def stop(self) -> None:
        """Close every connection and end; a second call does nothing."""
        with suppress(RuntimeError):  # the loop has ended by itself
            self._loop.call_soon_threadsafe(self._stopping.set)
        self.join(_STOP_TIMEOUT)

    async def _serve(self) -> None:
        async def answer(request: web.BaseRequest) -> web.Response:
            return await _answer(self._application, request, self._host)

        manager = web.Server(answer)
        server = await self._loop.create_server(
            lambda: _Connection(
                manager,
                loop=self._loop,
                keepalive_timeout=_IDLE_TIMEOUT,
                max_line_size=_MAX_HEAD_LINE,
                max_field_size=_MAX_HEAD_LINE,
                lingering_time=0,
                auto_decompress=False,
            ),
            sock=self._listener,
            backlog=_BACKLOG,
        )
        threading.Thread(target=_release_memory, args=(manager, self), daemon=True).start()
        await self._stopping.wait()
        server.close()
        await asyncio.sleep(0)  # let connections that are being accepted register
        manager.pre_shutdown()
        await manager.shutdown(timeout=_SHUTDOWN_GRACE)


def _release_memory(manager: web.Server, server: threading.Thread) -> None:
    """Return memory to the system whenever very many connections have been closed.

    Closed connections are garbage in reference cycles. This runs in a thread, because what the
    event loop's own tasks allocate between that garbage keeps whole megabytes from being returned:
    after 10,000 connections, memory stayed 21 to 26 % above the level before, with the thread 13 to
    16 % (measured).
    """
    most = before = 0
    while server.is_alive():
        server.join(_CHECK_INTERVAL)
        now = len(manager.connections)
        most = max(most, now)
        if most - now >= _MANY_CONNECTIONS and now == before:  # the number is stable
            gc.collect()
            if _TRIM is not None:
                _TRIM(0)
            most = now
        before = now


class _Connection(web.RequestHandler):
    """aiohttp's HTTP/1.1 connection with error responses and a read size of its own."""

    __slots__ = ()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Read less at a time than asyncio does, because each read is parsed without a break."""
        transport.max_size = _READ_SIZE  # type: ignore[attr-defined]  # of selector transports
        super().connection_made(transport)

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Return the contract's error response to a request that is not HTTP/1.1."""
        if status == 500:
            logger.error("%s %s failed", request.method, request.path_qs, exc_info=exc)
            return _closing(Response(500), request)
        reason = (message or "").strip().splitlines()
        detail = f": {reason[0]}" if reason else ""
        return _closing(_unreadable(f"The request cannot be read as HTTP/1.1{detail}."), request)


async def _answer(
    application: Application, request: web.BaseRequest, bound_host: str
) -> web.Response:
    if request.headers.get("expect", "").lower() == "100-continue":
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    try:
        body = await _body(request, application.settings.body_limit)
    except web.RequestPayloadError as error:
        return _closing(_unreadable(f"The body cannot be read: {error}."), request)
    parsed = _read(request, body)
    if not parsed.path.startswith("/"):  # newer releases of aiohttp refuse it by themselves
        return _closing(_unreadable("The target of the request is not a path."), request)
    try:
        check_browser(parsed.headers, bound_host, application.settings)
    except HttpError as error:
        return _to_aiohttp(error.response(), request)
    response = application.handle(parsed)
    if response.delay:
        await application.clock.async_sleep(response.delay)
    return _to_aiohttp(response, request)


async def _body(request: web.BaseRequest, limit: int) -> bytes:
    """Return the request's body, cut one byte after the limit."""
    if not request.can_read_body:
        return b""
    body, received = bytearray(), 0
    while received < _MAX_DISCARDED and (part := await request.content.readany()):
        received += len(part)
        body += part[: limit + 1 - len(body)]
    return bytes(body)


def _read(request: web.BaseRequest, body: bytes) -> Request:
    target = request.raw_path
    if (
        not target.startswith("/") and "://" in target
    ):  # absolute form, as for a proxy; servers must accept it
        target = "/" + target.partition("://")[2].partition("/")[2]
    path, _, query = target.partition("?")
    headers: dict[str, str] = {}
    for raw_name, value in request.headers.items():
        name = raw_name.lower()
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    base_url = f"http://{headers['host']}" if headers.get("host") else ""
    return Request(request.method, path, query, headers, body, base_url)


def _to_aiohttp(response: Response, request: web.BaseRequest) -> web.Response:
    """Return aiohttp's form of a response; a dropped or truncated one closes the connection."""
    if response.is_dropped and request.transport is not None:
        request.transport.close()
    headers = {**response.headers, "content-length": str(len(response.body))}
    sent = web.Response(
        status=response.status, headers=headers, body=response.body[: response.truncate_at]
    )
    if response.truncate_at is not None:
        sent.force_close()
    return sent


def _closing(response: Response, request: web.BaseRequest) -> web.Response:
    sent = _to_aiohttp(response, request)
    sent.force_close()
    return sent


def _unreadable(message: str) -> Response:
    return HttpError(400, message).response()
