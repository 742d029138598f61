"""Serve one restore job over HTTP/2 without TLS, each response after a delay; print the URL."""

import asyncio
import json
import sys

from h2.config import H2Configuration  # type: ignore[import-not-found]
from h2.connection import H2Connection  # type: ignore[import-not-found]
from h2.events import RequestReceived  # type: ignore[import-not-found]

from scripts.bench.prepared_server import job

DELAY = float(sys.argv[1])
BODY = json.dumps(job(0)).encode()
HEADERS = [(":status", "200"), ("content-type", "application/json")]


class Connection(asyncio.Protocol):
    """One connection, with any number of concurrent requests."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Set up the connection."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - for the type checker
        self.transport = transport
        self.http = H2Connection(H2Configuration(client_side=False))
        self.http.initiate_connection()
        transport.write(self.http.data_to_send())

    def data_received(self, data: bytes) -> None:
        """Receive requests."""
        for event in self.http.receive_data(data):
            if isinstance(event, RequestReceived):
                asyncio.get_running_loop().call_later(DELAY, self.answer, event.stream_id)
        self.transport.write(self.http.data_to_send())

    def answer(self, stream: int) -> None:
        """Respond to a request."""
        self.http.send_headers(stream, HEADERS)
        self.http.send_data(stream, BODY, end_stream=True)
        self.transport.write(self.http.data_to_send())


async def serve() -> None:
    """Serve on a free port until the process ends."""
    server = await asyncio.get_running_loop().create_server(Connection, "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


asyncio.run(serve())
