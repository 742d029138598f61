"""httpx transports that pass requests to an emulator in the same process, without a socket."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from pinecone_control.emulator.api.http_messages import Request, Response

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from pinecone_control.emulator.servers.application import Application


class InProcessTransport(httpx.BaseTransport):
    """A transport for sync clients; faults raise the errors that httpx raises for a connection."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        response = self._application.handle(_read(request))
        timeout = _read_timeout(request)
        if response.delay:
            self._application.clock.sleep(min(response.delay, timeout))
        return _to_httpx(request, response, timeout)


class AsyncInProcessTransport(httpx.AsyncBaseTransport):
    """A transport for async clients, on asyncio and trio."""

    def __init__(self, application: Application) -> None:
        self._application = application

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        response = self._application.handle(_read(request))
        timeout = _read_timeout(request)
        if response.delay:
            await self._application.clock.async_sleep(min(response.delay, timeout))
        return _to_httpx(request, response, timeout)


class _BrokenBody(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body whose connection closes before its end."""

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


def _read_timeout(request: httpx.Request) -> float:
    """Return the seconds that the client waits for a response."""
    read = request.extensions.get("timeout", {}).get("read")
    return float("inf") if read is None else float(read)


def _to_httpx(request: httpx.Request, response: Response, timeout: float) -> httpx.Response:
    if response.delay > timeout:
        raise httpx.ReadTimeout("The read operation timed out", request=request)
    if response.is_dropped:
        raise httpx.RemoteProtocolError(
            "Server disconnected without sending a response.", request=request
        )
    headers = {**response.headers, "content-length": str(len(response.body))}
    if response.truncate_at is None:
        return httpx.Response(response.status, headers=headers, content=response.body)
    body = _BrokenBody(response.body[: response.truncate_at], len(response.body))
    return httpx.Response(response.status, headers=headers, stream=body)
