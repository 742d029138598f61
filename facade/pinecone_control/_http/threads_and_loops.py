"""Code that differs between threads and event loops: each function has a sync and an async form.

All other code of the synchronous transport is derived from the asynchronous one.
"""

import os
import queue
import socket
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import suppress
from typing import Any, TypeAlias, cast

import httpcore


class Finalizer:
    """Calls a function when it is closed."""

    def __init__(self, release: Callable[[], None]) -> None:
        self.close = release


AsyncFinalizer: TypeAlias = AsyncGenerator[None, None]
"""Calls a function when it is closed, or before its event loop ends."""


def owner() -> object:
    """Return the owner of connections opened here: this process."""
    return os.getpid()


def async_owner() -> object:
    """Return the owner of connections opened here: this process and event loop."""
    from anyio.lowlevel import current_token

    token = current_token()
    return os.getpid(), getattr(token, "native_token", token)


def is_gone(owner: object) -> bool:
    """Return whether an owner's connections cannot be used here: this process is a fork of it."""
    return owner != os.getpid()


def async_is_gone(owner: object) -> bool:
    """Return whether an owner's connections cannot be used here: other process, or closed loop."""
    process, loop = cast("tuple[int, object]", owner)
    is_closed = getattr(loop, "is_closed", bool)  # of asyncio's loops
    return process != os.getpid() or bool(is_closed())


def finalizer(release: Callable[[], None]) -> Finalizer:
    """Return an object that calls `release` when it is closed."""
    return Finalizer(release)


async def async_finalizer(
    release: Callable[[], Awaitable[None]],
) -> AsyncFinalizer:
    """Return an object that calls `release` when it is closed, or before this event loop ends.

    Event loops close their asynchronous generators before they end, and give no other notice.
    """
    import anyio

    async def wait_for_end() -> AsyncFinalizer:
        try:
            yield
        finally:
            with anyio.CancelScope(shield=True):
                await release()

    generator = wait_for_end()
    await anext(generator)
    return generator


def backend() -> httpcore.NetworkBackend:
    """Return httpcore's network backend for threads; it tries all addresses of a host."""
    from pinecone_control._http.multi_address_backend import MultiAddressBackend

    return MultiAddressBackend()


def async_backend() -> httpcore.AsyncNetworkBackend:
    """Return httpcore's network backend for asyncio and trio."""
    # Type checkers also see a substitute, for an environment without anyio.
    return httpcore.AnyIOBackend()  # pyright: ignore[reportReturnType]


def close_at_once(stream: httpcore.NetworkStream) -> None:
    """Close a connection without notifying the other side."""
    stream.close()


async def async_close_at_once(stream: httpcore.AsyncNetworkStream) -> None:
    """Close a connection without notifying the other side, even in a cancelled task."""
    import anyio

    with anyio.CancelScope() as scope:
        scope.cancel()
        await stream.aclose()


def break_off(stream: httpcore.NetworkStream) -> None:
    """Shut down a connection that another thread is using. That thread then closes it.

    Closing it here would not wake that thread, and would free the file descriptor, with which the
    thread could then read from another connection that is opened meanwhile.
    """
    connection = stream.get_extra_info("socket")
    with suppress(OSError):
        # The method of the plain socket: that of a TLS socket would first end the encryption.
        socket.socket.shutdown(connection, socket.SHUT_RDWR)


async def async_break_off(stream: httpcore.AsyncNetworkStream) -> None:
    """Shut down a connection that another task is using."""
    await stream.aclose()


def has_unread(stream: httpcore.NetworkStream) -> bool:
    """Return whether bytes were taken from the socket that nobody has read yet."""
    return _has_undelivered(stream.get_extra_info("ssl_object"))


def async_has_unread(stream: httpcore.AsyncNetworkStream) -> bool:
    """Return whether bytes were taken from the socket that nobody has read yet."""
    from anyio.streams.tls import TLSAttribute, TLSStream

    layer: Any = getattr(stream, "_stream", None)  # neither httpcore nor anyio offers other access
    while isinstance(layer, TLSStream):
        if _has_undelivered(layer.extra(TLSAttribute.ssl_object)):  # noqa: S610 - not of Django
            return True
        layer = layer.transport_stream
    # On asyncio, the event loop reads before anybody asks.
    return bool(getattr(getattr(layer, "_protocol", None), "read_queue", None))


def _has_undelivered(tls: object) -> bool:
    """Return whether TLS in memory has data, their end or an error; TLS of a socket keeps none."""
    import ssl  # loaded already if the connection is encrypted

    if not isinstance(tls, ssl.SSLObject):
        return False
    try:
        tls.read(1)
    except ssl.SSLWantReadError:
        return False
    except ssl.SSLError:
        pass
    return True


class Wakeup:
    """Wakes one thread.

    It uses a queue and not a condition: a condition is written in Python, and ctrl-C in the middle
    of it can leave its lock locked for ever (measured).
    """

    def __init__(self) -> None:
        self._tokens: queue.SimpleQueue[None] = queue.SimpleQueue()

    def wait(self, seconds: float) -> None:
        """Return when `wake` is called, or after `seconds`."""
        with suppress(queue.Empty):
            self._tokens.get(timeout=seconds)

    def wake(self) -> None:
        """End the wait of this thread, or its next one."""
        self._tokens.put(None)


class AsyncWakeup:
    """Wakes one task, once."""

    def __init__(self) -> None:
        import anyio

        self._event = anyio.Event()

    async def wait(self, seconds: float) -> None:
        """Return when `wake` is called, or after `seconds`."""
        import anyio

        with anyio.move_on_after(seconds):
            await self._event.wait()

    def wake(self) -> None:
        """End the wait of this task."""
        self._event.set()
