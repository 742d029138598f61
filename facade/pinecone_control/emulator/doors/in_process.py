"""httpx transports that lead straight into an emulator, without a socket."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from pinecone_control.emulator.messages import Request, Response

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from pinecone_control.emulator.clock import EmulatorClock


class InProcessTransport(httpx.BaseTransport):
    """Faults look as they do over a connection: httpx's own errors are raised."""

    def __init__(self, handle: Callable[[Request], Response], clock: EmulatorClock) -> None:
        self._handle = handle
        self._clock = clock

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        response = self._handle(_read(request))
        patience = _patience(request)
        if response.delay:
            self._clock.sleep(min(response.delay, patience))
        return _arrived(request, response, patience)


class AsyncInProcessTransport(httpx.AsyncBaseTransport):
    """The same for async clients, on asyncio and trio."""

    def __init__(self, handle: Callable[[Request], Response], clock: EmulatorClock) -> None:
        self._handle = handle
        self._clock = clock

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        response = self._handle(_read(request))
        patience = _patience(request)
        if response.delay:
            await self._clock.async_sleep(min(response.delay, patience))
        return _arrived(request, response, patience)


class _BrokenBody(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body whose connection breaks before its end."""

    def __init__(self, part: bytes, announced: int) -> None:
        self._part = part
        self._announced = announced

    def __iter__(self) -> Iterator[bytes]:
        yield self._part
        raise self._break()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._part
        raise self._break()

    def _break(self) -> httpx.RemoteProtocolError:
        return httpx.RemoteProtocolError(
            "peer closed connection without sending complete message body "
            f"(received {len(self._part)} bytes, expected {self._announced})"
        )


def _read(request: httpx.Request) -> Request:
    path, _, query = request.url.raw_path.decode("ascii").partition("?")
    headers: dict[str, str] = {}
    for name, value in request.headers.multi_items():
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return Request(request.method, path, query, headers, request.content)


def _patience(request: httpx.Request) -> float:
    """Seconds that the client waits for an answer."""
    read = request.extensions.get("timeout", {}).get("read")
    return float("inf") if read is None else float(read)


def _arrived(request: httpx.Request, response: Response, patience: float) -> httpx.Response:
    if response.delay > patience:
        raise httpx.ReadTimeout("The read operation timed out", request=request)
    if response.is_dropped:
        raise httpx.RemoteProtocolError(
            "Server disconnected without sending a response.", request=request
        )
    headers = {**response.headers, "content-length": str(len(response.body))}
    if response.deliver is None:
        return httpx.Response(response.status, headers=headers, content=response.body)
    body = _BrokenBody(response.body[: response.deliver], len(response.body))
    return httpx.Response(response.status, headers=headers, stream=body)
