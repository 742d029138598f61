"""A server on a real socket that sends prepared responses and records the requests."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from attrs import define, evolve, field, frozen


@frozen
class Seen:
    """One request as it arrived."""

    method: str
    path: str
    raw_query: str
    headers: Mapping[str, str]
    body: bytes
    client: object
    """Address and port of the client: the same for all requests on one connection."""

    @property
    def query(self) -> tuple[tuple[str, str], ...]:
        return tuple(parse_qsl(self.raw_query, keep_blank_values=True))


@frozen
class Canned:
    """One prepared response. `body` may be bytes, text, or any JSON value."""

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
    """Sends the responses of `script` in order, and repeats the last one."""

    url: str
    script: list[Canned]
    seen: list[Seen] = field(factory=list)

    def next_answer(self) -> Canned:
        return self.script.pop(0) if len(self.script) > 1 else self.script[0]


@contextmanager
def replay(*script: Canned) -> Iterator[ReplayServer]:
    """Run a server with the given responses on a free port of this machine."""

    def next_answer(seen: Seen) -> Canned:
        state.seen.append(seen)
        canned = state.next_answer()
        return evolve(canned, headers={"content-type": "application/json", **canned.headers})

    with serving(next_answer) as url:
        state = ReplayServer(url, list(script) or [Canned()])
        yield state


@contextmanager
def serving(answer: Callable[[Seen], Canned | None]) -> Iterator[str]:
    """Run a server on a free port of this machine; without a response it closes the connection."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def respond(self) -> None:
            url = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            canned = answer(
                Seen(self.command, url.path, url.query, headers, body, self.client_address)
            )
            if canned is None:
                self.close_connection = True
                return
            content = canned.content
            self.send_response(canned.status)
            for name, value in {**canned.headers, "content-length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = respond  # noqa: N815 - names of the base class

        def log_message(self, *_: object) -> None:
            """Keep the test output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
