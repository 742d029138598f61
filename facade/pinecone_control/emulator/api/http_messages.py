"""HTTP requests and responses, and the results of operations, without any web framework."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from attrs import Factory, evolve, frozen

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pinecone_control.emulator.state.resources import Json


@frozen
class Request:
    """An HTTP request.

    Attributes:
        method: upper case.
        path: as on the request line: percent-encoded, without the query.
        query: the text after the question mark, percent-encoded; may be empty.
        headers: names in lower case; a header that was sent twice is joined with a comma.
        body: the whole body; a server may cut it one byte after `Settings.body_limit`.
        base_url: URL by which the client reached the HTTP server; empty within the process.
    """

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    base_url: str = ""


@frozen
class Response:
    """An HTTP response, and how its connection ends.

    Attributes:
        status: HTTP status code.
        body: the whole body; empty where the contract documents none.
        headers: all but `content-length`, which the server adds.
        delay: seconds on the emulator's clock that pass before the first byte.
        is_dropped: whether the connection closes before the status line.
        truncate_at: bytes of the body after which the connection closes; None sends all of it.
    """

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = Factory(dict)
    delay: float = 0.0
    is_dropped: bool = False
    truncate_at: int | None = None

    def with_header(self, name: str, value: str) -> Response:
        """Return the same response with one more header."""
        return evolve(self, headers={**self.headers, name: value})


@frozen
class Result:
    """What an operation returns: a documented status with its JSON body, if it has one."""

    status: int
    body: Json | None = None

    def response(self, headers: Mapping[str, str]) -> Response:
        """Return the HTTP response, with further headers."""
        if self.body is None:
            return Response(self.status, b"", headers)
        typed = {**headers, "content-type": "application/json"}
        return Response(self.status, msgspec.json.encode(self.body), typed)
