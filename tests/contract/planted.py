"""A small server that does what the emulator does, but for one mistake planted in its answers."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from attrs import define, field

from pinecone_control.emulator import Emulator, ManualClock
from pinecone_control.emulator.messages import Request


@define
class Reply:
    """An answer on its way out; a mistake changes it."""

    method: str
    path: str
    query: str
    signed: bool
    status: int
    headers: dict[str, str]
    content: bytes
    dropped: bool = False

    @property
    def json(self) -> Any:
        return json.loads(self.content)

    @json.setter
    def json(self, value: Any) -> None:
        self.content = json.dumps(value).encode()

    def patch(self, **changes: Any) -> None:
        """Change fields of the body."""
        self.json = {**self.json, **changes}

    @property
    def is_ok(self) -> bool:
        return self.status == 200


Mistake = Callable[[Reply], None]


@define
class Planted:
    """The running server."""

    url: str
    emulator: Emulator
    seen: list[str] = field(factory=list)


@contextmanager
def planted(mistake: Mistake = lambda _: None) -> Iterator[Planted]:
    """Run the server on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def answer(self) -> None:
            url = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer = emulator.handle(Request(self.command, url.path, url.query, headers, body))
            emulator.clock.sleep(1.0)
            state.seen.append(f"{self.command} {url.path}")
            reply = Reply(
                self.command,
                url.path,
                url.query,
                "api-key" in headers,
                answer.status,
                dict(answer.headers),
                answer.body,
            )
            mistake(reply)
            if reply.dropped:
                self.close_connection = True
                return
            self.send_response(reply.status)
            for name, value in {**reply.headers, "content-length": str(len(reply.content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.content)

        do_GET = do_POST = do_PATCH = do_DELETE = answer  # noqa: N815 - names of the base class

        def log_message(self, *_: object) -> None:
            """Keep the test output clean."""

    with Emulator(clock=ManualClock(), seed="planted") as emulator:
        emulator.seed("demo")
        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        state = Planted(f"http://127.0.0.1:{server.server_port}", emulator)
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield state
        finally:
            server.shutdown()
            server.server_close()
            thread.join()
