"""Connections that end with their attempt, however slowly bytes trickle in.

httpx's time-outs begin anew with each read: a server that sends one byte of a header now and then
would hold a call for hours. Here every connect, read and write gets only what is left of the
attempt. One thing stays outside: the system's name resolution cannot be interrupted in a thread.
"""

import socket
import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import anyio
import httpcore

from pinecone_control._http.deadline import time_left

_SocketOptions = Iterable[httpcore.SOCKET_OPTION] | None


@contextmanager
def _connecting() -> Iterator[None]:
    """Let whatever goes wrong before a request can be sent be a connection error."""
    try:
        yield
    except (OSError, ValueError) as error:
        # A host name with an empty or overlong label is a ValueError of Python's resolver or TLS.
        raise httpcore.ConnectError(str(error)) from error


class PunctualBackend(httpcore.NetworkBackend):
    """A network backend of httpcore, for threads."""

    def __init__(self, inner: httpcore.NetworkBackend) -> None:
        self._inner = inner

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: _SocketOptions = None,
    ) -> httpcore.NetworkStream:
        """Try the addresses of `host`, each for its share of what is left."""
        with _connecting():
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        for more in range(len(addresses) - 1, -1, -1):
            left = time_left(timeout, httpcore.ConnectTimeout)
            try:
                return PunctualStream(
                    self._inner.connect_tcp(
                        addresses[-1 - more],
                        port,
                        None if left is None else left / (more + 1),
                        local_address,
                        socket_options,
                    )
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if not more:
                    raise
        raise httpcore.ConnectError(f"{host} has no address")

    def sleep(self, seconds: float) -> None:
        self._inner.sleep(seconds)


class PunctualStream(httpcore.NetworkStream):
    """One connection, for threads."""

    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner
        self.has_been_read = False  # since the last write

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self.has_been_read = True
        return self._inner.read(max_bytes, time_left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        if not buffer:  # the empty body of nearly every request
            return
        self.has_been_read = False
        self._inner.write(buffer, time_left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """Wrap the connection in TLS; it is closed if that does not come to its end."""
        try:
            with _connecting():
                return PunctualStream(
                    self._inner.start_tls(
                        ssl_context, server_hostname, time_left(timeout, httpcore.ConnectTimeout)
                    )
                )
        except BaseException:
            self._inner.close()
            raise

    def get_extra_info(self, info: str) -> object:
        return self._inner.get_extra_info(info)


class AsyncPunctualBackend(httpcore.AsyncNetworkBackend):
    """A network backend of httpcore, for asyncio and trio."""

    def __init__(self, inner: httpcore.AsyncNetworkBackend) -> None:
        self._inner = inner

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: _SocketOptions = None,
    ) -> httpcore.AsyncNetworkStream:
        left = time_left(timeout, httpcore.ConnectTimeout)
        with _connecting():
            return AsyncPunctualStream(
                await self._inner.connect_tcp(host, port, left, local_address, socket_options)
            )

    async def sleep(self, seconds: float) -> None:
        await self._inner.sleep(seconds)


class AsyncPunctualStream(httpcore.AsyncNetworkStream):
    """One connection, for asyncio and trio."""

    def __init__(self, inner: httpcore.AsyncNetworkStream) -> None:
        self._inner = inner
        self.has_been_read = False  # since the last write

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self.has_been_read = True
        return await self._inner.read(max_bytes, time_left(timeout, httpcore.ReadTimeout))

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        if not buffer:
            return
        self.has_been_read = False
        await self._inner.write(buffer, time_left(timeout, httpcore.WriteTimeout))

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Wrap the connection in TLS; it is closed if that does not come to its end."""
        try:
            with _connecting():
                return AsyncPunctualStream(
                    await self._inner.start_tls(
                        ssl_context, server_hostname, time_left(timeout, httpcore.ConnectTimeout)
                    )
                )
        except BaseException:
            with anyio.CancelScope() as at_once:
                at_once.cancel()
                await self._inner.aclose()
            raise

    def get_extra_info(self, info: str) -> object:
        return self._inner.get_extra_info(info)
