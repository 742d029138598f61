"""Closing a client ends what it is doing, at once, with the documented error."""

import socket
import ssl
import threading
import time
from collections.abc import Callable
from typing import Any

import anyio
import pytest

from pinecone_control import (
    AsyncPinecone,
    Pinecone,
    PineconeConnectionError,
    PineconeError,
    RetryPolicy,
)
from scripts.proofs.fault_matrix.certificates import client_context, server_context
from scripts.proofs.raw_server import RawServer
from tests.client.conftest import echo_server

PATIENCE = 10.0
UNFINISHED = {
    "nothing": b"",
    "half of a head": b"HTTP/1.1 200 OK\r\ncontent-",
    "half of a body": b'HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{"in',
    "a body of unknown length": b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{}",
}


class HangingServer(RawServer):
    """Answers every connection with the beginning of an answer, and then with silence."""

    def __init__(self, said: bytes, tls: ssl.SSLContext | None = None) -> None:
        super().__init__()
        self.scheme = "https" if tls else "http"
        self.said = said
        self.tls = tls
        self.ended = threading.Semaphore(0)
        """Once for each connection that the client has ended."""
        self.said_it = threading.Semaphore(0)
        """Once for each answer that was begun."""

    def serve(self, plain: socket.socket) -> None:
        with self.tls.wrap_socket(plain, server_side=True) if self.tls else plain as connection:
            connection.recv(65536)
            connection.sendall(self.said)
            self.said_it.release()
            try:
                while connection.recv(65536):
                    pass
            except OSError:
                pass
            self.ended.release()


def in_thread(call: Callable[[], object]) -> tuple[threading.Thread, list[BaseException]]:
    raised: list[BaseException] = []

    def run() -> None:
        try:
            call()
        except BaseException as error:  # noqa: BLE001 - shown by the test
            raised.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    return thread, raised


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("said", UNFINISHED.values(), ids=UNFINISHED)
def test_close_ends_the_call_of_a_thread_that_is_reading(said: bytes, scheme: str) -> None:
    with HangingServer(said, server_context() if scheme == "https" else None) as server:
        pc = Pinecone("k", server.url, verify=client_context())
        thread, raised = in_thread(pc.list_indexes)
        assert server.said_it.acquire(timeout=PATIENCE)
        began = time.monotonic()
        pc.close()
        thread.join(PATIENCE)

        assert time.monotonic() - began < PATIENCE / 2
        assert server.ended.acquire(timeout=PATIENCE)
    assert isinstance(raised[0], PineconeConnectionError)
    assert "the client was closed" in str(raised[0])


def test_close_says_that_the_outcome_of_a_create_is_unknown() -> None:
    with HangingServer(b"") as server:
        pc = Pinecone("k", server.url)
        thread, raised = in_thread(lambda: pc.create_backup("docs"))
        assert server.said_it.acquire(timeout=PATIENCE)
        pc.close()
        thread.join(PATIENCE)

    assert isinstance(raised[0], PineconeConnectionError)
    assert raised[0].outcome_unknown


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
@pytest.mark.parametrize("said", UNFINISHED.values(), ids=UNFINISHED)
def test_close_ends_the_call_of_a_task_that_is_reading(said: bytes, backend: str) -> None:
    raised: list[PineconeError] = []

    async def call(pc: AsyncPinecone) -> None:
        try:
            await pc.list_indexes()
        except PineconeError as error:
            raised.append(error)

    async def main(server: HangingServer) -> None:
        pc = AsyncPinecone("k", server.url)
        with anyio.fail_after(PATIENCE):
            async with anyio.create_task_group() as group:
                group.start_soon(call, pc)
                await anyio.to_thread.run_sync(server.said_it.acquire)
                await pc.close()

    with HangingServer(said) as server:
        anyio.run(main, server, backend=backend)
        assert server.ended.acquire(timeout=PATIENCE)

    assert isinstance(raised[0], PineconeConnectionError)
    assert "the client was closed" in str(raised[0])


def test_close_ends_the_calls_that_wait_for_a_connection() -> None:
    with HangingServer(b"") as server:
        pc = Pinecone("k", server.url, retry=RetryPolicy(attempts=1))
        pc._wire._pool._most = 1  # type: ignore[attr-defined]
        first, _ = in_thread(pc.list_indexes)
        assert server.said_it.acquire(timeout=PATIENCE)
        others = [in_thread(pc.list_indexes) for _ in range(5)]
        pc.close()
        for thread in (first, *(other for other, _ in others)):
            thread.join(PATIENCE)

        assert not server.said_it.acquire(blocking=False)  # none of them was sent
    assert all("the client was closed" in str(raised[0]) for _, raised in others)


def test_a_call_of_the_thread_that_closes_ends_as_well() -> None:
    """As where a signal handler closes the client in the middle of a call."""
    with HangingServer(b"") as server:
        pc = Pinecone("k", server.url)

        def close_when_asked() -> Any:
            assert server.said_it.acquire(timeout=PATIENCE)
            pc.close()

        closing, _ = in_thread(close_when_asked)
        with pytest.raises(PineconeConnectionError, match="the client was closed"):
            pc.list_indexes()
        closing.join(PATIENCE)
        with pytest.raises(PineconeError, match="this client is closed"):
            pc.list_indexes()


def call_that_pauses(cls: Any, url: str, cause: str, note: Callable[[object], None]) -> Any:
    """Return a client, and a call of it that pauses for a minute once it has called `note`."""
    pc = cls("k", url, retry=RetryPolicy(backoff=60.0, backoff_cap=60.0, on_retry=note))
    if cause == "retry":
        return pc, pc.list_indexes
    return pc, lambda: pc.wait_for_restore_job("job", poll_interval=60.0, on_update=note)


PAUSES = pytest.mark.parametrize(("cause", "status"), [("retry", 503), ("waiter", 200)])


@PAUSES
def test_close_ends_the_pause_of_a_thread(cause: str, status: int) -> None:
    pauses = threading.Event()
    with echo_server(status=status) as server:
        pc, call = call_that_pauses(Pinecone, server.url, cause, lambda _: pauses.set())
        thread, raised = in_thread(call)
        assert pauses.wait(PATIENCE)
        pc.close()
        thread.join(PATIENCE)

        assert not thread.is_alive()
    assert isinstance(raised[0], PineconeError)
    assert "client is closed" in str(raised[0]) or "client was closed" in str(raised[0])


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
@PAUSES
def test_close_ends_the_pause_of_a_task(cause: str, status: int, backend: str) -> None:
    raised: list[PineconeError] = []

    async def main(url: str) -> None:
        pauses = anyio.Event()
        pc, call = call_that_pauses(AsyncPinecone, url, cause, lambda _: pauses.set())

        async def calling() -> None:
            try:
                await call()
            except PineconeError as error:
                raised.append(error)

        with anyio.fail_after(PATIENCE):
            async with anyio.create_task_group() as group:
                group.start_soon(calling)
                await pauses.wait()
                await pc.close()

    with echo_server(status=status) as server:
        anyio.run(main, server.url, backend=backend)

    assert "client is closed" in str(raised[0]) or "client was closed" in str(raised[0])
