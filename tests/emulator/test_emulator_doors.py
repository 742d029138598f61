"""The ways in: what goes over a real socket, and how serving begins and ends."""

import json
import signal
import socket
import subprocess
import sys
import time

import anyio
import httpx
import pytest

from pinecone_control.emulator import Emulator, EmulatorError, Fault, PortTakenError
from pinecone_control.emulator.doors.server import Serving
from tests.emulator.conftest import Switch
from tests.emulator.steps import manual_emulator

RUN = """
import sys
from pinecone_control.emulator import Emulator, run
with Emulator() as emulator:
    ended_by = run(emulator, on_ready=lambda url: print(url, flush=True))
print(ended_by.name)
"""


@pytest.fixture
def served(switch: Switch, server: Serving) -> tuple[Emulator, Serving]:
    emulator = manual_emulator()
    switch.emulator = emulator
    return emulator, server


def exchange(server: Serving, *chunks: bytes) -> bytes:
    """Everything that comes back over one connection until the server closes it."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as connection:
        for chunk in chunks:
            connection.sendall(chunk)
        answer = b""
        while part := connection.recv(65536):
            answer += part
    return answer


def get(target: str) -> bytes:
    lines = (f"GET {target} HTTP/1.1", "Host: emulator", "Api-Key: key", "Connection: close")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def refused(answer: bytes) -> tuple[int, str]:
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"application/json" in head
    shown = json.loads(body)
    assert f"HTTP/1.1 {shown['status']} ".encode() in head
    return shown["status"], shown["error"]["code"]


def test_a_dropped_connection_ends_without_a_byte(served: tuple[Emulator, Serving]) -> None:
    emulator, server = served
    emulator.faults.add(Fault(drop=True))
    assert exchange(server, get("/indexes")) == b""
    assert exchange(server, get("/indexes")).startswith(b"HTTP/1.1 200")


def test_a_truncated_answer_is_shorter_than_it_says(served: tuple[Emulator, Serving]) -> None:
    emulator, server = served
    emulator.faults.add(Fault(truncate=True))
    head, _, body = exchange(server, get("/restore-jobs")).partition(b"\r\n\r\n")
    assert b"content-length: 29" in head
    assert body == b'{"data":[],"pa'


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("/indexes/%zz", 400),
        ("/indexes/%", 400),
        ("/indexes/%ff", 400),
        ("/restore-jobs?limit=%zz", 400),
        ("/restore-jobs?paginationToken=%ff", 400),
        ("/indexes/../backups", 404),
        ("/indexes/..", 404),
        ("/indexes/%2e%2e", 404),
        ("/../../etc/passwd", 404),
        ("/backups/a%2Fb", 404),
        ("/backups/%00", 404),
        ("/backups/%F0%9F%98%80", 404),
        ("/indexes?" + "&".join(["a=b"] * 1000), 400),
        ("*", 404),
    ],
)
def test_odd_targets_are_refused_in_the_documented_shape(
    served: tuple[Emulator, Serving], target: str, status: int
) -> None:
    assert refused(exchange(served[1], get(target)))[0] == status


@pytest.mark.parametrize(
    "garbage",
    [b"garbage", b"GET / HTTP/1.1\r\nbroken", b"GET /\xff HTTP/1.1\r\nHost: a", b"\x16\x03"],
)
def test_what_is_not_http_is_a_400_in_the_documented_shape(
    served: tuple[Emulator, Serving], garbage: bytes
) -> None:
    assert refused(exchange(served[1], garbage + b"\r\n\r\n")) == (400, "INVALID_ARGUMENT")


def test_a_client_that_goes_away_in_the_middle_of_its_body_does_no_harm(
    served: tuple[Emulator, Serving],
) -> None:
    emulator, server = served
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(
            b"POST /indexes HTTP/1.1\r\nHost: emulator\r\nApi-Key: key\r\n"
            b"Content-Length: 1000\r\n\r\n{"
        )
    assert exchange(server, get("/indexes")).startswith(b"HTTP/1.1 200")
    assert emulator.requests.of("create_index") == []


def test_a_body_in_chunks_is_read_whole(served: tuple[Emulator, Serving]) -> None:
    body = b'{"name":"movies","dimension":8,"spec":{"byoc":{"environment":"own"}}}'
    half = len(body) // 2
    chunks = [b"%x\r\n%b\r\n" % (len(part), part) for part in (body[:half], body[half:])]
    head = (
        b"POST /indexes HTTP/1.1\r\nHost: emulator\r\nApi-Key: key\r\nConnection: close\r\n"
        b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    answer = exchange(served[1], head, *chunks, b"0\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 201")


def test_an_emulator_serves_until_the_block_ends() -> None:
    with manual_emulator() as emulator:
        with emulator.serve() as serving:
            url = serving.url
            answer = httpx.get(f"{url}/indexes", headers={"Api-Key": "key"}, trust_env=False)
            assert answer.json() == {"indexes": []}
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{url}/indexes", trust_env=False)


def test_serving_ends_quickly_though_a_client_keeps_its_connection() -> None:
    with manual_emulator() as emulator, httpx.Client(trust_env=False) as client:
        with emulator.serve() as serving:
            client.get(f"{serving.url}/indexes")
            began = time.monotonic()
        assert time.monotonic() - began < 2


def test_a_taken_port_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, manual_emulator() as emulator:
        port = taken.getsockname()[1]
        with pytest.raises(PortTakenError, match=rf"127\.0\.0\.1:{port}") as error:
            emulator.serve(port=port).__enter__()
        assert "\n" not in str(error.value)


@pytest.mark.parametrize(("host", "port"), [("127.0.0.1", 99_999), ("no such host", 0)])
def test_an_impossible_address_is_named(host: str, port: int) -> None:
    with manual_emulator() as emulator, pytest.raises(EmulatorError, match="cannot listen on"):
        emulator.serve(host, port).__enter__()


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_command_quickly_and_cleanly(sent: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", RUN], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert httpx.get(url, trust_env=False).status_code == 404
        began = time.monotonic()
        process.send_signal(sent)
        out, err = process.communicate(timeout=10)
    assert time.monotonic() - began < 3
    assert (process.returncode, out.strip(), err) == (0, sent.name, "")


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_async_clients_get_in_without_a_socket(backend: str) -> None:
    async def statuses() -> list[int | str]:
        with manual_emulator() as emulator:
            emulator.faults.add(Fault(latency=5))
            emulator.faults.add(Fault(drop=True))
            transport = emulator.async_transport()
            headers = {"Api-Key": "key"}
            async with httpx.AsyncClient(transport=transport, headers=headers) as client:
                first = await client.get("http://emulator/indexes")
                with pytest.raises(httpx.RemoteProtocolError):
                    await client.get("http://emulator/indexes")
                emulator.faults.add(Fault(truncate=True))
                with pytest.raises(httpx.RemoteProtocolError):
                    await client.get("http://emulator/indexes")
                return [first.status_code, emulator.clock.monotonic()]

    assert anyio.run(statuses, backend=backend) == [200, 5]
