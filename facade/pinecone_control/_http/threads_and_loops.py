"""What threads and event loops do in different ways: each function stands here twice.

Everything else of a transport is derived from its asynchronous form.
"""

import os
import queue
import socket
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import suppress
from typing import TypeAlias, cast

import httpcore


class Finalizer:
    """What releases something when it is closed."""

    def __init__(self, release: Callable[[], None]) -> None:
        self.close = release


AsyncFinalizer: TypeAlias = AsyncGenerator[None, None]
"""What releases something when it is closed, and before its event loop ends."""


def owner() -> object:
    """Return who may use the connections that are opened here: this process."""
    return os.getpid()


def async_owner() -> object:
    """Return who may use the connections that are opened here: this process and event loop."""
    from anyio.lowlevel import current_token

    token = current_token()
    return os.getpid(), getattr(token, "native_token", token)


def is_gone(owner: object) -> bool:
    """Return whether an owner is not to be met here any more: it is the process forked from."""
    return owner != os.getpid()


def async_is_gone(owner: object) -> bool:
    """Return whether an owner is not to be met here any more: another process, or a closed loop."""
    process, loop = cast("tuple[int, object]", owner)
    is_closed = getattr(loop, "is_closed", bool)  # of asyncio's loops
    return process != os.getpid() or bool(is_closed())


def finalizer(release: Callable[[], None]) -> Finalizer:
    """Return what calls `release` when it is closed; a process has no loop that could end."""
    return Finalizer(release)


async def async_finalizer(
    release: Callable[[], Awaitable[None]],
) -> AsyncFinalizer:
    """Return what calls `release` when it is closed, and before this event loop ends.

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
    # Checkers see a stand-in too, for where anyio is not installed.
    return httpcore.AnyIOBackend()  # pyright: ignore[reportReturnType]


def close_at_once(stream: httpcore.NetworkStream) -> None:
    """Close a connection without a word to the other side."""
    stream.close()


async def async_close_at_once(stream: httpcore.AsyncNetworkStream) -> None:
    """Close a connection without a word to the other side, also in a task that is cancelled."""
    import anyio

    with anyio.CancelScope() as scope:
        scope.cancel()
        await stream.aclose()


def break_off(stream: httpcore.NetworkStream) -> None:
    """End a connection that another thread is using. That thread then closes it.

    Closing it here would not wake that thread, and would free the number of the socket, under
    which the thread could go on reading from a connection that somebody else opens.
    """
    connection = stream.get_extra_info("socket")
    with suppress(OSError):
        # The socket's own method: that of a TLS socket first takes its encryption off.
        socket.socket.shutdown(connection, socket.SHUT_RDWR)


async def async_break_off(stream: httpcore.AsyncNetworkStream) -> None:
    """End a connection that another task is using."""
    await stream.aclose()


class Wakeup:
    """Wakes one thread.

    A queue, and no condition: that one is written in Python, and ctrl-C in the middle of it leaves
    its lock locked for ever (measured).
    """

    def __init__(self) -> None:
        self._tokens: queue.SimpleQueue[None] = queue.SimpleQueue()

    def wait(self, seconds: float) -> None:
        """Return when somebody calls `wake`, or after `seconds`."""
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
        """Return when somebody calls `wake`, or after `seconds`."""
        import anyio

        with anyio.move_on_after(seconds):
            await self._event.wait()

    def wake(self) -> None:
        """End the wait of this task."""
        self._event.set()
