"""The servers: HTTP over a real socket, and how serving starts and ends."""

import json
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import NoReturn

import anyio
import httpx
import pytest

from pinecone_control.emulator import (
    Emulator,
    EmulatorError,
    Fault,
    ManualClock,
    PortTakenError,
    Settings,
)
from pinecone_control.emulator.api.http_messages import Request, Response
from pinecone_control.emulator.servers.http_server import RunningServer, serve
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
def served(switch: Switch, server: RunningServer) -> tuple[Emulator, RunningServer]:
    emulator = manual_emulator()
    switch.emulator = emulator
    return emulator, server


def exchange(server: RunningServer, *chunks: bytes) -> bytes:
    """Return all bytes from one connection until the server closes it."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as connection:
        for chunk in chunks:
            connection.sendall(chunk)
        answer = b""
        while part := connection.recv(65536):
            answer += part
    return answer


def send_endlessly(connection: socket.socket, chunk: bytes) -> NoReturn:
    while True:
        connection.sendall(chunk)


def get(target: str) -> bytes:
    lines = (f"GET {target} HTTP/1.1", "Host: localhost", "Api-Key: key", "Connection: close")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def refused(answer: bytes) -> tuple[int, str]:
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"application/json" in head
    shown = json.loads(body)
    assert re.match(rf"HTTP/1\.[01] {shown['status']} ", head.decode())
    return shown["status"], shown["error"]["code"]


def test_a_dropped_connection_ends_without_a_byte(served: tuple[Emulator, RunningServer]) -> None:
    emulator, server = served
    emulator.faults.add(Fault(drop=True))
    assert exchange(server, get("/indexes")) == b""
    assert exchange(server, get("/indexes")).startswith(b"HTTP/1.1 200")


def test_a_truncated_answer_is_shorter_than_it_says(served: tuple[Emulator, RunningServer]) -> None:
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
        ("*", 400),
    ],
)
def test_odd_targets_are_refused_in_the_documented_shape(
    served: tuple[Emulator, RunningServer], target: str, status: int
) -> None:
    assert refused(exchange(served[1], get(target)))[0] == status


@pytest.mark.parametrize(
    "garbage",
    [b"garbage", b"GET / HTTP/1.1\r\nbroken", b"GET /\xff HTTP/1.1\r\nHost: a", b"\x16\x03"],
)
def test_what_is_not_http_is_a_400_in_the_documented_shape(
    served: tuple[Emulator, RunningServer], garbage: bytes
) -> None:
    assert refused(exchange(served[1], garbage + b"\r\n\r\n")) == (400, "INVALID_ARGUMENT")


def test_a_client_that_goes_away_in_the_middle_of_its_body_does_no_harm(
    served: tuple[Emulator, RunningServer],
) -> None:
    emulator, server = served
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(
            b"POST /indexes HTTP/1.1\r\nHost: localhost\r\nApi-Key: key\r\n"
            b"Content-Length: 1000\r\n\r\n{"
        )
    assert exchange(server, get("/indexes")).startswith(b"HTTP/1.1 200")
    assert emulator.requests.of("create_index") == []


def test_a_target_with_scheme_and_host_is_its_path(served: tuple[Emulator, RunningServer]) -> None:
    answer = exchange(served[1], get("http://localhost/indexes/none?a=b"))

    assert refused(answer)[0] == 404
    assert served[0].requests[0].path == "/indexes/none"


def test_what_follows_a_body_in_chunks_is_no_header(served: tuple[Emulator, RunningServer]) -> None:
    head = b"POST /indexes HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n"
    rest = b"Connection: close\r\n\r\n2\r\n{}\r\n0\r\nApi-Key: key\r\n\r\n"

    assert refused(exchange(served[1], head + rest)) == (401, "UNAUTHENTICATED")


def test_an_old_client_that_offers_another_protocol_is_hung_up_on(
    served: tuple[Emulator, RunningServer],
) -> None:
    head = b"GET /indexes HTTP/1.0\r\nApi-Key: key\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"

    assert exchange(served[1], head).endswith(b'{"indexes":[]}')


def test_a_request_that_cannot_be_read_is_told_why(served: tuple[Emulator, RunningServer]) -> None:
    answer = exchange(served[1], get("/indexes").replace(b"GET", b"FOO"))

    assert refused(answer)[0] == 400
    assert b"Invalid method" in answer


def test_a_body_in_chunks_is_read_whole(served: tuple[Emulator, RunningServer]) -> None:
    body = b'{"name":"movies","dimension":8,"spec":{"byoc":{"environment":"own"}}}'
    half = len(body) // 2
    chunks = [b"%x\r\n%b\r\n" % (len(part), part) for part in (body[:half], body[half:])]
    head = (
        b"POST /indexes HTTP/1.1\r\nHost: localhost\r\nApi-Key: key\r\nConnection: close\r\n"
        b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    answer = exchange(served[1], head, *chunks, b"0\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 201")


def statuses(answer: bytes) -> list[int]:
    return [int(status) for status in re.findall(rb"HTTP/1\.[01] (\d+) ", answer)]


CREATE = (
    b"POST /indexes HTTP/1.1\r\nHost: localhost\r\nApi-Key: key\r\nConnection: %b\r\n"
    b"Content-Type: application/json\r\nContent-Length: 69\r\n%b\r\n"
)
INDEX = b'{"name":"movies","dimension":8,"spec":{"byoc":{"environment":"own"}}}'


def test_requests_sent_without_waiting_are_answered_in_their_order(
    served: tuple[Emulator, RunningServer],
) -> None:
    emulator, server = served
    emulator.faults.add(Fault(latency=60))
    first = get("/restore-jobs/a").replace(b"Connection: close\r\n", b"")
    second = get("/restore-jobs").replace(b"Connection: close\r\n", b"")
    answer = exchange(server, first + second + get("/indexes/a/b/c"))
    assert statuses(answer) == [404, 200, 404]
    assert emulator.clock.monotonic() == 60


def test_requests_before_garbage_are_answered(served: tuple[Emulator, RunningServer]) -> None:
    kept = get("/indexes").replace(b"Connection: close\r\n", b"")
    with socket.create_connection(("127.0.0.1", served[1].port), timeout=5) as connection:
        connection.sendall(kept)
        assert connection.recv(1000).startswith(b"HTTP/1.1 200 ")
        connection.sendall(b"garbage\r\n\r\n")
        assert statuses(connection.recv(1000)) == [400]


def test_a_client_that_waits_to_send_its_body_is_told_to(
    served: tuple[Emulator, RunningServer],
) -> None:
    with socket.create_connection(("127.0.0.1", served[1].port), timeout=5) as connection:
        connection.sendall(CREATE % (b"close", b"Expect: 100-continue\r\n"))
        assert connection.recv(1000).startswith(b"HTTP/1.1 100 ")
        connection.sendall(INDEX)
        assert connection.recv(1000).startswith(b"HTTP/1.1 201 ")


def test_an_offer_to_speak_http2_is_ignored(served: tuple[Emulator, RunningServer]) -> None:
    offer = b"Upgrade: h2c\r\nHTTP2-Settings: AAEAAEAAAAIAAAAA\r\n"
    with socket.create_connection(("127.0.0.1", served[1].port), timeout=5) as connection:
        connection.sendall(CREATE % (b"Upgrade, HTTP2-Settings", offer) + INDEX)
        assert connection.recv(1000).startswith(b"HTTP/1.1 201 ")
        connection.sendall(get("/indexes/movies"))
        assert connection.recv(1000).startswith(b"HTTP/1.1 200 ")
    [record] = served[0].requests.of("create_index")
    assert record.body == INDEX


def test_an_http_1_0_client_that_does_not_ask_otherwise_is_answered_once(
    served: tuple[Emulator, RunningServer],
) -> None:
    asked = b"GET /indexes HTTP/1.0\r\nApi-Key: key\r\n\r\n"
    answer = exchange(served[1], asked)
    assert statuses(answer) == [200]
    assert b"keep-alive" not in answer


def test_a_head_request_is_answered_without_a_body(served: tuple[Emulator, RunningServer]) -> None:
    answer = exchange(served[1], get("/indexes").replace(b"GET", b"HEAD"))
    head, _, body = answer.partition(b"\r\n\r\n")
    assert (statuses(head), body) == ([405], b"")


@pytest.mark.parametrize("status", [204, 304])
@pytest.mark.parametrize("body", [None, '{"indexes":[]}'])
def test_a_status_without_a_body_has_none(
    served: tuple[Emulator, RunningServer], status: int, body: str | None
) -> None:
    emulator, server = served
    emulator.faults.add(Fault(status=status, body=body))
    head, _, sent = exchange(server, get("/indexes")).partition(b"\r\n\r\n")
    assert (statuses(head), sent) == ([status], b"")
    assert b"content-length" not in head


def test_a_head_without_an_end_is_cut_off(served: tuple[Emulator, RunningServer]) -> None:
    with socket.create_connection(("127.0.0.1", served[1].port), timeout=5) as connection:
        connection.sendall(b"GET /indexes HTTP/1.1\r\n")
        with pytest.raises(ConnectionError):
            send_endlessly(connection, b"a: " + b"b" * 1000 + b"\r\n")


def test_a_client_that_reads_nothing_is_not_read_from(
    served: tuple[Emulator, RunningServer],
) -> None:
    emulator, server = served
    asked = get("/_emulator/requests").replace(b"Connection: close\r\n", b"") * 100
    exchange(server, get("/indexes"))
    with socket.create_connection(("127.0.0.1", server.port), timeout=0.5) as connection:
        with pytest.raises(TimeoutError):
            send_endlessly(connection, asked)
        assert exchange(server, get("/indexes")).startswith(b"HTTP/1.1 200")
    assert len(emulator.requests) == 2


class Broken:
    """An application that always fails."""

    clock = ManualClock()
    settings = Settings()

    def handle(self, request: Request) -> Response:
        raise RuntimeError(f"no answer to {request.path}")


def test_a_failure_behind_the_server_is_a_500_and_is_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with serve(Broken()) as serving:
        assert statuses(exchange(serving, get("/indexes"))) == [500]
    assert "GET /indexes failed" in caplog.text


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


def test_the_first_emulators_of_a_process_are_used_in_many_threads() -> None:
    program = Path(__file__).parent / "programs" / "first_uses.py"
    done = subprocess.run(
        [sys.executable, program], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
