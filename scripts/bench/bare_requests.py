"""Asking a server in the plainest way, so that it is the server that is measured."""

import re
import time
from socket import create_connection, socket

from pinecone_control_api import API_VERSION


def ask(url: str, request: bytes, times: int) -> float:
    """Make a request again and again over one connection; return the seconds that it took.

    Raises:
        ValueError: an answer is not a page of restore jobs.
    """
    host, _, port = url.removeprefix("http://").partition(":")
    with create_connection((host, int(port)), timeout=30) as connection:
        started = time.perf_counter()
        for _ in range(times):
            connection.sendall(request)
            answer = _answer(connection)
            if not answer.startswith(b"HTTP/1.1 200") or b"restore_job_id" not in answer:
                raise ValueError(f"{url} answered {answer[:300]!r}")
        return time.perf_counter() - started


def request(path: str, api_key: str) -> bytes:
    """Return a request in the form of the wire."""
    headers = f"Host: localhost\r\nApi-Key: {api_key}\r\nX-Pinecone-Api-Version: {API_VERSION}\r\n"
    return f"GET {path} HTTP/1.1\r\n{headers}\r\n".encode()


def _answer(connection: socket) -> bytes:
    """Read one answer, which says how long it is."""
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
