"""A server that answers with what it was asked for, so that a mix-up of answers would show."""

import json
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Final
from urllib.parse import unquote

import pytest
from attrs import define, field

CREATED: Final = "2025-05-15T13:59:51Z"
SLOW: Final = 0.3


@define
class EchoServer:
    """Restore jobs and backups of any id; `slow-...` takes its time."""

    url: str = ""
    requests: list[str] = field(factory=list)
    """Method and path of each, as it arrived."""
    connections: int = 0
    idle_seconds: float = 30.0
    """After so long it ends a connection on which nothing was asked."""
    delay: float = 0.0
    """Seconds before each answer."""
    status: int | None = None
    """Of every answer, where it is not to be a success."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    echo: EchoServer

    def setup(self) -> None:
        self.echo.connections += 1
        self.timeout = self.echo.idle_seconds
        super().setup()

    def do_GET(self) -> None:
        job = unquote(self.path.rpartition("/")[2])
        if job.startswith("slow"):
            time.sleep(SLOW)
        names = ("restore_job_id", "backup_id", "target_index_name", "target_index_id")
        self._answer(200, dict.fromkeys(names, job) | {"status": "Pending", "created_at": CREATED})

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        index = unquote(self.path.split("/")[2])
        names = ("backup_id", "source_index_name", "source_index_id")
        place = {"status": "Ready", "cloud": "aws", "region": "us-east-1"}
        self._answer(201, dict.fromkeys(names, index) | place)

    def do_DELETE(self) -> None:
        self.echo.requests.append(f"{self.command} {self.path}")
        self.send_response(202)
        self.send_header("content-length", "0")
        self.end_headers()

    def _answer(self, status: int, body: dict[str, object]) -> None:
        self.echo.requests.append(f"{self.command} {self.path}")
        time.sleep(self.echo.delay)
        content = json.dumps(body).encode()
        self.send_response(self.echo.status or status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


class _Server(ThreadingHTTPServer):
    request_queue_size = 512
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Clients that hang up are part of the tests."""


@contextmanager
def echo_server(*, tls: ssl.SSLContext | None = None, **settings: Any) -> Iterator[EchoServer]:
    echo = EchoServer(**settings)
    server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"echo": echo}))
    if tls is not None:
        server.socket = tls.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    echo.url = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}"
    running = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    running.start()
    try:
        yield echo
    finally:
        server.shutdown()
        server.server_close()
        running.join()


@pytest.fixture
def echoing() -> Iterator[Callable[..., EchoServer]]:
    """Start echo servers, and stop them at the end of the test."""
    with ExitStack() as stack:
        yield lambda **settings: stack.enter_context(echo_server(**settings))
