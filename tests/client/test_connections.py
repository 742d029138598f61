"""Connections are kept, shared out one call at a time, and not too many."""

import contextlib
import gc
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from threading import Lock, Thread
from typing import Any

import anyio
import httpcore
import httpx
import pytest

from pinecone_control import (
    AsyncPinecone,
    Pinecone,
    PineconeError,
    RetryPolicy,
    WaitTimeoutError,
)
from pinecone_control._async.network_transport import AsyncNetworkTransport
from pinecone_control._async.pool import AsyncPool
from pinecone_control._http.connection_leases import Leases
from pinecone_control._sync.network_transport import NetworkTransport
from pinecone_control._sync.pool import Pool
from scripts.proofs.raw_server import RawServer
from tests.client.conftest import EchoServer
from tests.support.both_clients import Driver

PATIENCE = 10.0
ANSWER = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"


class CountingServer(RawServer):
    """Answers each request on a connection, and counts both; `/broken` ends its connection."""

    def __init__(self) -> None:
        super().__init__()
        self.requests: list[int] = []
        """How many came over each connection."""
        self.ended = 0
        self._lock = Lock()

    def serve(self, connection: socket.socket) -> None:
        with self._lock:
            number = len(self.requests)
            self.requests.append(0)
        with connection, contextlib.suppress(ConnectionResetError):  # as closing clients do
            while request := connection.recv(65536):
                self.requests[number] += 1
                if b"/broken" in request:
                    break
                connection.sendall(ANSWER)
        self.ended += 1


@pytest.fixture
def server() -> Iterator[CountingServer]:
    with CountingServer() as server:
        yield server


def request(server: CountingServer, path: str = "/", pool: float = PATIENCE) -> httpcore.Request:
    timeouts = {"pool": pool, "connect": PATIENCE, "read": PATIENCE, "write": PATIENCE}
    return httpcore.Request(
        "GET", server.url + path, headers=[("host", "h")], extensions={"timeout": timeouts}
    )


def read(answer: httpcore.Response) -> None:
    answer.read()
    answer.close()


def test_calls_one_after_the_other_use_one_connection(server: CountingServer) -> None:
    with Pool() as pool:
        for _ in range(5):
            read(pool.handle_request(request(server)))

    assert server.requests == [5]


def test_calls_side_by_side_have_a_connection_each_and_later_ones_find_them(
    server: CountingServer,
) -> None:
    with Pool() as pool:
        for _ in range(2):
            answers = [pool.handle_request(request(server)) for _ in range(3)]
            for answer in answers:
                read(answer)

    assert server.requests == [2, 2, 2]


def test_a_connection_on_which_a_call_failed_is_not_used_again(server: CountingServer) -> None:
    with Pool(most=1) as pool:
        with pytest.raises(httpcore.RemoteProtocolError):
            pool.handle_request(request(server, "/broken"))
        read(pool.handle_request(request(server, pool=0.01)))

    assert server.requests == [1, 1]


def test_a_connection_whose_answer_was_not_read_is_not_used_again(server: CountingServer) -> None:
    with Pool(most=1) as pool:
        pool.handle_request(request(server)).close()
        read(pool.handle_request(request(server, pool=0.01)))

    assert server.requests == [1, 1]


# Python warns of the socket that nobody closed.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_answer_that_is_dropped_unread_frees_its_place(server: CountingServer) -> None:
    with Pool(most=1) as pool:
        pool.handle_request(request(server))
        read(pool.handle_request(request(server, pool=0.01)))

    assert server.requests == [1, 1]


def test_closing_an_answer_twice_frees_one_place(server: CountingServer) -> None:
    with Pool(most=1) as pool:
        answer = pool.handle_request(request(server))
        read(answer)
        answer.close()
        unread = pool.handle_request(request(server))

        with pytest.raises(httpcore.PoolTimeout):
            pool.handle_request(request(server, pool=0.01))
        unread.close()


def test_one_call_too_many_waits_until_another_ends(server: CountingServer) -> None:
    with Pool(most=1) as pool:
        first = pool.handle_request(request(server))
        second = Thread(target=lambda: read(pool.handle_request(request(server))))
        second.start()
        assert server.requests == [1]
        read(first)
        second.join(PATIENCE)

    assert server.requests == [2]


def test_a_connection_that_was_idle_for_too_long_is_not_used_again(server: CountingServer) -> None:
    with Pool(idle_seconds=0.0) as pool:
        for _ in range(2):
            read(pool.handle_request(request(server)))

    assert server.requests == [1, 1]


def test_a_closed_pool_keeps_no_connection_and_sends_nothing(server: CountingServer) -> None:
    pool = Pool()
    answers = [pool.handle_request(request(server)) for _ in range(3)]
    pool.close()
    for answer in answers:
        answer.close()
    with pytest.raises(httpcore.ConnectError, match="the client was closed"):
        pool.handle_request(request(server))

    assert server.requests == [1, 1, 1]


async def async_read(answer: httpcore.Response) -> None:
    await answer.aread()
    await answer.aclose()


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_task_waits_for_a_connection_no_longer_than_it_may(
    server: CountingServer, backend: str
) -> None:
    async def main() -> None:
        async with AsyncPool(most=1) as pool:
            unread = await pool.handle_async_request(request(server))
            with pytest.raises(httpcore.PoolTimeout):
                await pool.handle_async_request(request(server, pool=0.01))
            await unread.aclose()

    anyio.run(main, backend=backend)


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_cancelled_call_frees_its_place(server: CountingServer, backend: str) -> None:
    async def main() -> int:
        async with AsyncPool(most=1) as pool:
            with anyio.CancelScope() as scope:
                scope.cancel()
                await pool.handle_async_request(request(server))
            answer = await pool.handle_async_request(request(server, pool=0.01))
            await async_read(answer)
            return answer.status

    assert anyio.run(main, backend=backend) == 200


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_many_tasks_share_few_connections_until_all_are_done(
    server: CountingServer, backend: str
) -> None:
    async def main() -> None:
        async with AsyncPool(most=3) as pool:

            async def call() -> None:
                await async_read(await pool.handle_async_request(request(server)))

            async with anyio.create_task_group() as group:
                for _ in range(60):
                    group.start_soon(call)

    anyio.run(main, backend=backend)

    assert sum(server.requests) == 60
    assert len(server.requests) <= 3


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_call_that_waits_is_not_overtaken_by_a_later_one(
    server: CountingServer, backend: str
) -> None:
    order: list[str] = []

    async def main() -> None:
        async with AsyncPool(most=1) as pool:

            async def call(name: str) -> None:
                answer = await pool.handle_async_request(request(server))
                order.append(name)
                await async_read(answer)

            first = await pool.handle_async_request(request(server))
            async with anyio.create_task_group() as group:
                group.start_soon(call, "waiting")
                await anyio.wait_all_tasks_blocked()
                await async_read(first)
                await call("later")

    anyio.run(main, backend=backend)

    assert order == ["waiting", "later"]


def test_leases_have_their_turn_in_the_order_in_which_they_were_given() -> None:
    leases: Leases[object] = Leases(2)
    first, second, third, fourth = (leases.new() for _ in range(4))
    assert [leases.has_turn(each) for each in (first, second, third, fourth)] == [1, 1, 0, 0]
    second.end()
    fifth = leases.new()
    assert [leases.has_turn(each) for each in (third, fourth, fifth)] == [1, 0, 0]
    del first, third  # as ctrl-C leaves them, in the middle of a call
    assert leases.has_turn(fourth)
    assert leases.has_turn(fifth)


@asynccontextmanager
async def counting_server() -> AsyncIterator[tuple[str, list[object]]]:
    """Serve one restore job on a free port; yield its URL and the connections that were made."""
    connections: list[object] = []
    body = (
        b'{"restore_job_id":"r","backup_id":"b","target_index_name":"t","target_index_id":"i",'
        b'"status":"Pending","created_at":"2025-05-15T13:59:51Z"}'
    )
    answer = b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body)

    async def serve(stream: anyio.abc.SocketStream) -> None:
        connections.append(stream)
        async with stream:
            async for _ in stream:
                await anyio.sleep(0.01)
                await stream.send(answer)

    async with (
        await anyio.create_tcp_listener(local_host="127.0.0.1") as listener,
        anyio.create_task_group() as group,
    ):
        group.start_soon(listener.serve, serve, group)
        port = listener.extra(anyio.abc.SocketAttribute.local_port)
        yield f"http://127.0.0.1:{port}", connections
        group.cancel_scope.cancel()


def test_fifty_calls_at_once_keep_their_fifty_connections() -> None:
    async def main() -> int:
        async with counting_server() as (url, connections), AsyncPinecone("k", url) as pc:
            for _ in range(3):
                async with anyio.create_task_group() as group:
                    for _ in range(50):
                        group.start_soon(pc.describe_restore_job, "r")
            return len(connections)

    assert anyio.run(main) == 50


def test_the_network_transport_is_httpx_s_own_in_all_but_the_pool() -> None:
    """Tools that instrument or mock httpx replace these two methods."""
    assert NetworkTransport.handle_request is httpx.HTTPTransport.handle_request
    assert AsyncNetworkTransport.handle_async_request is (
        httpx.AsyncHTTPTransport.handle_async_request
    )
    assert set(vars(httpx.HTTPTransport())) == {"_pool"}
    assert set(vars(NetworkTransport("http://h", verify=True, proxy=""))) == {"_pool"}


def test_a_call_leaves_no_cycles_for_the_garbage_collector(
    echoing: Callable[..., EchoServer],
) -> None:
    """They would keep the bodies of answers in memory until the collector comes by."""
    with Pinecone("k", echoing().url) as pc:
        pc.describe_restore_job("first")
        gc.collect()
        gc.disable()
        try:
            pc.describe_restore_job("second")
            assert gc.collect() == 0
        finally:
            gc.enable()


def test_a_page_token_is_sent_as_httpx_would_encode_it() -> None:
    transport = Recording()
    token = "a+b/c=&d ü%20~'(*)"
    with Pinecone("k", "https://api.example", transport=transport) as pc:
        pc.list_restore_jobs(pagination_token=token)

    sent = httpx.URL(transport.requests[0])
    assert dict(sent.params) == {"paginationToken": token}
    assert str(httpx.URL(str(sent))) == str(sent)


class Recording(httpx.BaseTransport):
    """A transport that is falsy until it was used."""

    def __init__(self) -> None:
        self.requests: list[str] = []

    def __len__(self) -> int:
        return len(self.requests)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(str(request.url))
        return httpx.Response(200, json={"indexes": [], "data": []})


def test_a_transport_that_is_falsy_is_used_all_the_same() -> None:
    transport = Recording()
    with Pinecone("k", "https://api.example", transport=transport) as pc:
        assert pc.list_indexes().data == []

    assert transport.requests == ["https://api.example/indexes"]


def test_closing_beside_running_calls_raises_errors_of_this_package_alone(
    server: CountingServer,
) -> None:
    async def main() -> list[BaseException]:
        raised: list[BaseException] = []

        async def call(pc: AsyncPinecone) -> None:
            try:
                while True:
                    await pc.list_indexes()
            except BaseException as error:  # noqa: BLE001 - shown by the test
                raised.append(error)

        for _ in range(20):
            pc = AsyncPinecone("k", server.url, retry=RetryPolicy(attempts=1))
            async with anyio.create_task_group() as group:
                for _ in range(10):
                    group.start_soon(call, pc)
                await anyio.sleep(0.01)
                await pc.close()
        return raised

    raised = anyio.run(main)

    assert len(raised) == 200
    assert {type(error) for error in raised if not isinstance(error, PineconeError)} == set()


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_close_that_is_cancelled_is_gone_on_with(server: CountingServer, backend: str) -> None:
    async def main() -> bool:
        pc = AsyncPinecone("k", server.url)
        async with anyio.create_task_group() as group:
            for _ in range(10):
                group.start_soon(pc.http_client.get, "/")
        with anyio.CancelScope() as scope:
            scope.cancel()
            await pc.close()
        await pc.close()
        return pc._wire._pool._owned == {}

    assert anyio.run(main, backend=backend)


def test_an_error_that_the_caller_handles_is_left_alone() -> None:
    """Neither is it taken for the cause of what happens meanwhile, nor loses it its traceback."""
    foreign = ssl.SSLError("of another service")
    foreign.reason = "TLSV1_ALERT_UNKNOWN_CA"

    def call_while_handling() -> None:
        try:
            raise foreign
        except ssl.SSLError:
            with Pinecone("k", "http://127.0.0.1:9", retry=RetryPolicy(attempts=1)) as pc:
                pc.create_backup("docs")

    with pytest.raises(PineconeError, match="cannot connect"):
        call_while_handling()

    assert foreign.__traceback__ is not None


class Opaque:
    """A connection of a later httpcore: the same interface, and nothing behind it that is known."""

    def __init__(self, connection: Any) -> None:
        self.__connection = connection

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self.__connection, name)


def test_a_connection_with_an_unknown_parser_works_but_is_not_used_again(
    driver: Driver, echoing: Callable[..., EchoServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    for pool in (httpcore.ConnectionPool, httpcore.AsyncConnectionPool):
        create: Callable[..., Any] = pool.create_connection
        monkeypatch.setattr(
            pool, "create_connection", lambda *given, create=create: Opaque(create(*given))
        )
    server = echoing()
    with pytest.raises(WaitTimeoutError, match="last state: Pending\n"):
        driver.call(
            lambda pc: pc.wait_for_restore_job("a", timeout=0.2, poll_interval=0.05),
            api_key="k",
            host=server.url,
        )

    assert server.connections == len(server.requests) > 1
