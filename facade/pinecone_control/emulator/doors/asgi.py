"""The ASGI application, written by hand: no framework lies between a request and the core."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import TYPE_CHECKING, Any

from pinecone_control.emulator.messages import Request, Response

if TYPE_CHECKING:
    from pinecone_control.emulator.clock import EmulatorClock

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

_DRAINED = 64 * 1024 * 1024
"""Bytes of a body that are read and thrown away, so that its sender gets to read the refusal."""


class AsgiApp:
    """Serves an emulator to any ASGI server.

    An ASGI application cannot break a connection. A fault that does so ends in an exception: what
    has begun is cut by the server then, what has not is answered with its 500.
    """

    def __init__(
        self,
        handle: Callable[[Request], Response],
        clock: EmulatorClock,
        body_limit: Callable[[], int],
    ) -> None:
        self.handle = handle
        self.clock = clock
        self.body_limit = body_limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ASGI entry."""
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["type"] == "http":
            body = await _body(receive, self.body_limit())
            if body is not None:
                request = _request(scope, body)
                has_body = request.method != "HEAD"
                await self._respond(self.handle(request), send, has_body=has_body)

    async def _respond(self, response: Response, send: Send, *, has_body: bool) -> None:
        if response.delay:
            await self.clock.async_sleep(response.delay)
        if response.is_dropped:
            raise ConnectionAbortedError("dropped by a fault")
        headers = dict(response.headers)
        if response.may_have_body:
            headers["content-length"] = str(len(response.body))
        await send(
            {
                "type": "http.response.start",
                "status": response.status,
                "headers": [(k.encode("latin-1"), v.encode("latin-1")) for k, v in headers.items()],
            }
        )
        is_whole = response.deliver is None
        part = response.body[: response.deliver] if has_body and response.may_have_body else b""
        await send({"type": "http.response.body", "body": part, "more_body": not is_whole})
        if not is_whole:
            raise ConnectionAbortedError("truncated by a fault")


async def _live(receive: Receive, send: Send) -> None:
    for event in ("startup", "shutdown"):
        await receive()
        await send({"type": f"lifespan.{event}.complete"})


async def _body(receive: Receive, limit: int) -> bytes | None:
    """The request's body, cut one byte after the limit; None when the client has gone."""
    body, received, more = b"", 0, True
    while more and received < _DRAINED:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        chunk = message.get("body", b"")
        received += len(chunk)
        body += chunk[: limit + 1 - len(body)]
        more = message.get("more_body", False)
    return body


def _request(scope: Scope, body: bytes) -> Request:
    headers: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    path = scope.get("raw_path") or scope["path"].encode()
    query = scope.get("query_string", b"")
    return Request(
        scope["method"].upper(),
        path.partition(b"?")[0].decode("latin-1"),
        query.decode("latin-1"),
        headers,
        body,
    )
