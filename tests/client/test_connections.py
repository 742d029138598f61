"""Connections are kept, shared out one call at a time, and not too many."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Thread

import anyio
import httpcore
import httpx
import pytest

from pinecone_control import AsyncPinecone
from pinecone_control._async.pool import AsyncPool
from pinecone_control._http.translation import error_of_httpx
from pinecone_control._sync.pool import Pool

PATIENCE = 10.0


class Lane(httpx.BaseTransport):
    """A lane that says what happens to it."""

    def __init__(self) -> None:
        self.requests = 0
        self.closed = False

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.requests += 1
        if request.url.path == "/broken":
            raise httpx.ReadError("broken")
        return httpx.Response(200, stream=httpx.ByteStream(b"{}"))

    def close(self) -> None:
        self.closed = True


class Opened(list[Lane]):
    def __call__(self) -> Lane:
        self.append(Lane())
        return self[-1]


@pytest.fixture
def opened() -> Opened:
    return Opened()


def request(path: str = "/", pool: float = PATIENCE) -> httpx.Request:
    return httpx.Request("GET", f"http://lane{path}", extensions={"timeout": {"pool": pool}})


def test_calls_one_after_the_other_use_one_lane(opened: Opened) -> None:
    lanes = Pool(opened)
    for _ in range(5):
        lanes.handle_request(request()).read()

    assert [lane.requests for lane in opened] == [5]


def test_calls_side_by_side_have_a_lane_each_and_later_ones_find_them(opened: Opened) -> None:
    lanes = Pool(opened)
    for _ in range(2):
        answers = [lanes.handle_request(request()) for _ in range(3)]
        for answer in answers:
            answer.read()

    assert [lane.requests for lane in opened] == [2, 2, 2]


def test_a_lane_on_which_a_call_failed_is_closed(opened: Opened) -> None:
    lanes = Pool(opened, most=1)
    with pytest.raises(httpx.ReadError):
        lanes.handle_request(request("/broken"))
    lanes.handle_request(request(pool=0.01)).read()

    assert [(lane.requests, lane.closed) for lane in opened] == [(1, True), (1, False)]


def test_a_lane_whose_answer_was_not_read_is_closed(opened: Opened) -> None:
    lanes = Pool(opened, most=1)
    lanes.handle_request(request()).close()
    lanes.handle_request(request(pool=0.01)).read()

    assert [(lane.requests, lane.closed) for lane in opened] == [(1, True), (1, False)]


def test_an_answer_that_is_dropped_unread_frees_its_place(opened: Opened) -> None:
    lanes = Pool(opened, most=1)
    lanes.handle_request(request())
    lanes.handle_request(request(pool=0.01)).read()

    assert [lane.requests for lane in opened] == [1, 1]


def test_closing_an_answer_twice_frees_one_place(opened: Opened) -> None:
    lanes = Pool(opened, most=1)
    answer = lanes.handle_request(request())
    answer.read()
    answer.stream.close()
    unread = lanes.handle_request(request())

    with pytest.raises(httpx.PoolTimeout):
        lanes.handle_request(request(pool=0.01))
    unread.close()


def test_one_call_too_many_waits_until_another_ends(opened: Opened) -> None:
    lanes = Pool(opened, most=1)
    first = lanes.handle_request(request())
    second = Thread(target=lambda: lanes.handle_request(request()).read())
    second.start()
    assert [lane.requests for lane in opened] == [1]
    first.read()
    second.join(PATIENCE)

    assert [lane.requests for lane in opened] == [2]


def test_a_lane_that_was_free_for_too_long_is_closed(opened: Opened) -> None:
    lanes = Pool(opened, idle_seconds=0.0)
    for answer in [lanes.handle_request(request()) for _ in range(2)]:
        answer.read()
    lanes.handle_request(request()).read()

    assert sorted(lane.closed for lane in opened) == [False, True]


def test_closing_closes_every_lane_and_lets_calls_end(opened: Opened) -> None:
    lanes = Pool(opened)
    answers = [lanes.handle_request(request()) for _ in range(3)]
    lanes.close()
    for answer in answers:
        answer.close()

    assert all(lane.closed for lane in opened)


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_task_waits_for_a_lane_no_longer_than_it_may(backend: str) -> None:
    async def main() -> None:
        lanes = AsyncPool(lambda: httpx.MockTransport(lambda _: httpx.Response(200)), most=1)
        unread = await lanes.handle_async_request(request())
        with pytest.raises(httpx.PoolTimeout):
            await lanes.handle_async_request(request(pool=0.01))
        await unread.aclose()

    anyio.run(main, backend=backend)


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_cancelled_call_frees_its_lane(backend: str) -> None:
    class Endless(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            if request.url.path == "/endless":
                await anyio.sleep_forever()
            return httpx.Response(200, stream=httpx.ByteStream(b""))

    async def main() -> int:
        lanes = AsyncPool(Endless, most=1)
        with anyio.move_on_after(0.01):
            await lanes.handle_async_request(request("/endless"))
        return (await lanes.handle_async_request(request(pool=0.01))).status_code

    assert anyio.run(main, backend=backend) == 200


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


ERRORS_OF_HTTPCORE = [
    error
    for error in vars(httpcore).values()
    if isinstance(error, type)
    and issubclass(error, Exception)
    and not error.__subclasses__()
    # Both are for those who ask a pool for a connection.
    and error not in {httpcore.PoolTimeout, httpcore.ConnectionNotAvailable}
]


@pytest.mark.parametrize("error", ERRORS_OF_HTTPCORE)
def test_every_error_of_a_connection_is_httpx_s_of_that_name(error: type[Exception]) -> None:
    told = error_of_httpx(error("what happened"))

    assert type(told) is getattr(httpx, error.__name__)
    assert str(told) == "what happened"
