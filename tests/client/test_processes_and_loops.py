"""A connection belongs to the process and the event loop that opened it."""

import asyncio
import gc
import json
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import anyio
import pytest

from pinecone_control import AsyncPinecone
from scripts.proofs.fault_matrix.certificates import authority_pem, server_context
from tests.client.conftest import EchoServer

pytestmark = pytest.mark.journey

PROGRAM = Path(__file__).parent / "programs" / "forked_workers.py"
Echoing = Callable[..., EchoServer]


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("when", ["warm", "in-flight"])
def test_forked_workers_get_their_own_answers(
    echoing: Echoing, scheme: str, when: str, tmp_path: Path
) -> None:
    """Four workers and their parent, 200 describes and 200 creates each."""
    authority = tmp_path / "authority.pem"
    authority.write_bytes(authority_pem())
    server = echoing(tls=server_context() if scheme == "https" else None)
    done = subprocess.run(
        [
            *(sys.executable, "-W", "ignore::DeprecationWarning", PROGRAM, server.url),
            *(str(authority) if scheme == "https" else "", when),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"right": 5 * 400, "side by side": 4 * 100}, done.stderr


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_one_client_works_in_one_event_loop_after_the_other(echoing: Echoing, backend: str) -> None:
    server = echoing()
    pc = AsyncPinecone("k", server.url)

    async def calls() -> list[str]:
        backup = await pc.create_backup("docs")
        return [(await pc.describe_restore_job("r")).restore_job_id, backup.source_index_name]

    for _ in range(5):
        assert anyio.run(calls, backend=backend) == ["r", "docs"]
    anyio.run(pc.close, backend=backend)

    assert len(server.requests) == 10
    assert server.connections == 5


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_an_event_loop_that_ends_leaves_no_connection_open(echoing: Echoing, backend: str) -> None:
    server = echoing()
    pc = AsyncPinecone("k", server.url)
    anyio.run(pc.describe_restore_job, "r", backend=backend)
    gc.collect()  # a socket that nobody closed would be warned of here

    assert pc._wire._pool._owned == {}


def test_a_client_can_be_closed_in_another_event_loop_than_it_was_used_in(
    echoing: Echoing,
) -> None:
    server = echoing()
    pc = AsyncPinecone("k", server.url)
    asyncio.run(pc.describe_restore_job("r"))
    asyncio.run(pc.close())


CLOSED_LOOPS = """
import asyncio, sys
from pinecone_control import AsyncPinecone

pc = AsyncPinecone("k", sys.argv[1])
for _ in range(4):
    loop = asyncio.new_event_loop()  # no asyncio.run: nobody tells it that it ends
    print(loop.run_until_complete(pc.create_backup("docs")).source_index_name)
    loop.close()
"""


def test_connections_of_a_loop_that_was_just_closed_are_not_used_again(echoing: Echoing) -> None:
    """In a process of its own: Python warns of the sockets that the loops' owner did not close."""
    server = echoing()
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", CLOSED_LOOPS, server.url],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (done.stdout, done.stderr) == ("docs\n" * 4, "")
    assert server.requests == ["POST /indexes/docs/backups"] * 4


@pytest.mark.parametrize("backends", [("asyncio",), ("trio",), ("asyncio", "trio")])
def test_event_loops_of_several_threads_share_a_client(
    echoing: Echoing, backends: tuple[str, ...]
) -> None:
    server = echoing()
    pc = AsyncPinecone("k", server.url)
    wrong: list[object] = []

    async def calls(thread: int) -> None:
        async def call(number: int) -> None:
            asked = f"{thread}-{number}"
            job = await pc.describe_restore_job(asked)
            if job.restore_job_id != asked:
                wrong.append(asked)

        for number in range(20):
            async with anyio.create_task_group() as group:
                for more in range(5):
                    group.start_soon(call, 10 * number + more)

    def run(thread: int) -> None:
        try:
            anyio.run(calls, thread, backend=backends[thread % len(backends)])
        except BaseException as error:  # noqa: BLE001 - shown by the test
            wrong.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert wrong == []
    assert len(server.requests) == 4 * 100
