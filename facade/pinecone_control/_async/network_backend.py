"""A network backend for httpcore that enforces the deadline of the attempt.

httpx's timeouts start again with each read, so a server that sends one byte now and then could
prolong a call for hours. Here every connect, read and write gets only the time that is left of the
attempt. The one exception: a DNS lookup of the operating system cannot be interrupted in a thread.
"""

import ssl
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

import httpcore

from pinecone_control._http.deadline import time_left
from pinecone_control._http.signal_handlers import NETWORK_ERRORS, raised_from_outside
from pinecone_control._http.threads_and_loops import (
    async_break_off,
    async_close_at_once,
    async_has_unread,
)

T = TypeVar("T")


class AsyncDeadlineBackend(httpcore.AsyncNetworkBackend):
    """A network backend that enforces the deadline of the attempt.

    Args:
        inner: the backend that connects.
    """

    def __init__(self, inner: httpcore.AsyncNetworkBackend) -> None:
        self._inner = inner

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        left = time_left(timeout, httpcore.ConnectTimeout)
        return AsyncDeadlineStream(
            await _connected(
                lambda: self._inner.connect_tcp(host, port, left, local_address, socket_options)
            )
        )

    async def sleep(self, seconds: float) -> None:
        await self._inner.sleep(seconds)


class AsyncDeadlineStream(httpcore.AsyncNetworkStream):
    """One connection that enforces the deadline of the attempt."""

    def __init__(self, inner: httpcore.AsyncNetworkStream) -> None:
        self._inner = inner
        # Each side notes what it is about to do before it checks what the other side has noted.
        self._is_used = self._is_closed = False

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        left = time_left(timeout, httpcore.ReadTimeout)
        try:
            self._is_used = True
            data = b"" if self._is_closed else await self._inner.read(max_bytes, left)
            if not self._is_closed:  # otherwise this process has ended the data
                return data
            failure: Exception = httpcore.ReadError("it was closed here")
        except (*NETWORK_ERRORS, OSError) as error:
            failure = _as_httpcore(error, httpcore.ReadError)
        finally:
            self._is_used = False
        raise raised_from_outside(failure) or failure

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        if not buffer:  # nearly every request has an empty body
            return None
        left = time_left(timeout, httpcore.WriteTimeout)
        try:
            self._is_used = True
            if not self._is_closed:
                return await self._inner.write(buffer, left)
            failure: Exception = httpcore.WriteError("it was closed here")
        except (*NETWORK_ERRORS, OSError) as error:
            failure = _as_httpcore(error, httpcore.WriteError)
        finally:
            self._is_used = False
        raise raised_from_outside(failure) or failure

    async def aclose(self) -> None:
        """Close the connection; a thread or task that uses it gets an error at once."""
        self._is_closed = True
        if self._is_used:
            await async_break_off(self._inner)
        else:
            await self._inner.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Wrap the connection in TLS; it is closed if the handshake fails."""
        left = time_left(timeout, httpcore.ConnectTimeout)
        try:
            return AsyncDeadlineStream(
                await _connected(lambda: self._inner.start_tls(ssl_context, server_hostname, left))
            )
        except BaseException:
            await async_close_at_once(self._inner)
            raise

    def get_extra_info(self, info: str) -> object:
        found: object = self._inner.get_extra_info(info)
        if info == "is_readable":  # whether the connection may be used for another request
            return found or async_has_unread(self._inner)
        return found


async def _connected(connect: Callable[[], Awaitable[T]]) -> T:
    """Return the result of `connect`; turn network failures into connection errors."""
    try:
        return await connect()
    # A host name with an empty or overlong label is a ValueError of Python's resolver or TLS.
    except (*NETWORK_ERRORS, OSError, ValueError) as error:
        failure = _as_httpcore(error, httpcore.ConnectError)
    raise raised_from_outside(failure) or failure


def _as_httpcore(error: Exception, kind: type[Exception]) -> Exception:
    """Return a network error as httpcore's; httpcore lets some TLS errors through unconverted."""
    if isinstance(error, NETWORK_ERRORS):
        return error
    translated = kind(str(error))
    translated.__cause__ = error
    return translated
