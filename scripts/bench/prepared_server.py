"""A server of restore jobs from prepared bytes, so that the client is what is measured.

`python -m scripts.bench.prepared_server [DELAY]` prints its URL and serves until it is stopped. The
API key says how many jobs there are: `jobs-50000`. A page has as many as `limit` says, by default
10, and no two jobs have the same id. `GET /requests` returns the number of requests since it was
last requested.
It uses the standard library alone: the peers' environments import `page` from here as well.
"""

import asyncio
import json
import selectors
import sys
from functools import cache
from typing import Final

NUMBER: Final = "PPPPPPPP"
"""Placeholder of the page's number in the ids of a prepared page."""
_HEAD: Final = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%b"
_DEFAULT_LIMIT: Final = 10


def job(place: int) -> dict[str, object]:
    """Return a restore job like those in the contract's examples."""
    return {
        "restore_job_id": f"{NUMBER}-a0a9-404d-96c2-{place:012}",
        "backup_id": "95707edb-e482-49cf-b5a5-312219a51a97",
        "target_index_name": "restored-index",
        "target_index_id": "027aff93-de40-4f48-a573-6dbcd654f961",
        "status": "Completed",
        "created_at": "2025-05-15T13:59:51.439479+00:00",
        "completed_at": "2025-05-15T14:00:09.222998+00:00",
        "percent_complete": 100.0,
    }


@cache
def page(size: int, *, last: bool = False) -> bytes:
    """Return a page of `size` restore jobs, with a token unless it is the last page."""
    more = {} if last else {"pagination": {"next": f"{size:03}-{NUMBER}"}}
    body = {"data": [job(place) for place in range(size)], **more}
    return json.dumps(body, separators=(",", ":")).encode()


def _between(data: bytes, start: bytes, end: bytes) -> bytes:
    _, found, rest = data.partition(start)
    return rest.partition(end)[0] if found else b""


class Connection(asyncio.Protocol):
    """One client's connection. Requests have no bodies, and arrive complete and one by one."""

    requests = 0
    delay = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Set up the connection."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - for the type checker
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Respond to one request."""
        target = _between(data, b"GET ", b" ")
        if target == b"/requests":
            body, Connection.requests = b"%d" % Connection.requests, 0
        else:
            Connection.requests += 1
            body = self._restore_jobs(target, data)
        answer = _HEAD % (len(body), body)
        if self.delay:
            asyncio.get_running_loop().call_later(self.delay, self.transport.write, answer)
        else:
            self.transport.write(answer)

    @staticmethod
    def _restore_jobs(target: bytes, data: bytes) -> bytes:
        path, _, query = target.partition(b"?")
        if path != b"/restore-jobs":
            return json.dumps(job(0)).encode()
        token = _between(query, b"paginationToken=", b"&")
        size = int(token[:3] or _between(query, b"limit=", b"&") or _DEFAULT_LIMIT)
        number = int(token[4:] or 0)
        wanted = int(_between(data, b"jobs-", b"\r"))
        last = (number + 1) * size >= wanted
        # The token names the page after this one; the ids have the same number.
        return page(size, last=last).replace(NUMBER.encode(), b"%08d" % (number + 1))


async def serve() -> None:
    """Serve on a free port until the process ends."""
    server = await asyncio.get_running_loop().create_server(Connection, "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


def _loop() -> asyncio.AbstractEventLoop:
    # The default selector rounds delays up to whole milliseconds: 2 % more at 50 ms.
    return asyncio.SelectorEventLoop(selectors.SelectSelector())


if __name__ == "__main__":
    Connection.delay = float(sys.argv[1]) if len(sys.argv) > 1 else 0.0
    with asyncio.Runner(loop_factory=_loop) as runner:
        runner.run(serve())
