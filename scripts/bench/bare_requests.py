"""A minimal HTTP client, so that the server is what is measured."""

import re
import time
from socket import create_connection, socket

from pinecone_control_api import API_VERSION


def ask(url: str, request: bytes, times: int) -> float:
    """Repeat a request over one connection; return the total seconds.

    Raises:
        ValueError: a response is not a page of restore jobs.
    """
    host, _, port = url.removeprefix("http://").partition(":")
    with create_connection((host, int(port)), timeout=30) as connection:
        started = time.perf_counter()
        for _ in range(times):
            connection.sendall(request)
            answer = _answer(connection)
            if not answer.startswith(b"HTTP/1.1 200") or b"restore_job_id" not in answer:
                raise ValueError(f"{url} responded {answer[:300]!r}")
        return time.perf_counter() - started


def request(path: str, api_key: str) -> bytes:
    """Return the bytes of a request."""
    headers = f"Host: localhost\r\nApi-Key: {api_key}\r\nX-Pinecone-Api-Version: {API_VERSION}\r\n"
    return f"GET {path} HTTP/1.1\r\n{headers}\r\n".encode()


def _answer(connection: socket) -> bytes:
    """Read one response, which has a content length."""
    answer = b""
    while True:
        more = connection.recv(65536)
        if not more:
            raise ValueError(f"the connection ended after {answer[:300]!r}")
        answer += more
        head, found, body = answer.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: *(\d+)", head) if found else None
        if length is not None and len(body) >= int(length[1]):
            return answer
