"""A server on a real socket that answers with what it was given, and keeps what it was asked."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from attrs import define, field, frozen


@frozen
class Seen:
    """One request as it arrived."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    body: bytes
    client: object
    """Address and port that it came from: the same for requests on one connection."""


@frozen
class Canned:
    """One answer to give. `body` may be bytes, text, or anything JSON."""

    status: int = 200
    body: Any = b""
    headers: Mapping[str, str] = field(factory=dict)

    @property
    def content(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        return (self.body if isinstance(self.body, str) else json.dumps(self.body)).encode()


@define
class ReplayServer:
    """Gives the answers of `script` one after the other; the last one again and again."""

    url: str
    script: list[Canned]
    seen: list[Seen] = field(factory=list)

    def next_answer(self) -> Canned:
        return self.script.pop(0) if len(self.script) > 1 else self.script[0]


@contextmanager
def replay(*script: Canned) -> Iterator[ReplayServer]:
    """Run a server with the given answers on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def answer(self) -> None:
            url = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            state.seen.append(
                Seen(
                    self.command,
                    url.path,
                    tuple(parse_qsl(url.query, keep_blank_values=True)),
                    {name.lower(): value for name, value in self.headers.items()},
                    body,
                    self.client_address,
                )
            )
            canned = state.next_answer()
            self.send_response(canned.status)
            headers = {"content-type": "application/json", **canned.headers}
            for name, value in {**headers, "content-length": str(len(canned.content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(canned.content)

        do_GET = do_POST = do_PATCH = do_DELETE = answer  # noqa: N815 - names of the base class

        def log_message(self, *_: object) -> None:
            """Keep the test output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state = ReplayServer(f"http://127.0.0.1:{server.server_port}", list(script) or [Canned()])
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
