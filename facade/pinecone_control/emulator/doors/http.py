"""HTTP/1.1 for one connection, parsed by httptools.

No ASGI server lies between the socket and the emulator: the tasks and messages that one needs for
each request took as long as most of the emulator's own work (measured with uvicorn on httptools),
and none can break a connection, as faults must.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple, Protocol

import httptools

from pinecone_control.emulator.messages import Request, Response, encoded, invalid

if TYPE_CHECKING:
    from collections.abc import Callable

    from pinecone_control.emulator.clock import EmulatorClock

logger = logging.getLogger("pinecone_control.emulator")

_CHUNK = 64 * 1024
_LARGEST_HEAD = 64 * 1024
"""Bytes of a request line and its headers, beyond the chunk that they begin in."""

_REASONS = {status.value: status.phrase for status in HTTPStatus}


class Served(Protocol):
    """What a server needs of an emulator; an `AsgiApp` has it too.

    Attributes:
        handle: answers a request.
        clock: on which answers are delayed.
        body_limit: says how many bytes a body may have; one more is kept, the rest thrown away.
    """

    @property
    def handle(self) -> Callable[[Request], Response]: ...
    @property
    def clock(self) -> EmulatorClock: ...
    @property
    def body_limit(self) -> Callable[[], int]: ...


class _Asked(NamedTuple):
    request: Request
    is_last: bool


class Connection(asyncio.BufferedProtocol):
    """One client's connection; its requests are answered in the order in which they come.

    Args:
        served: what answers.
        connections: the open ones; this one is among them as long as it is open.
    """

    _transport: asyncio.Transport

    def __init__(self, served: Served, connections: set[Connection]) -> None:
        self._served = served
        self._connections = connections
        self._received = bytearray(_CHUNK)
        self._parser = httptools.HttpRequestParser(self)
        self._waiting: deque[_Asked] = deque()
        self._delayed: asyncio.Task[None] | None = None
        self._is_full = False
        self._broken_by = ""
        self.on_message_begin()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """The event loop: a client is there."""
        self._transport = transport
        self._connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        """The event loop: it has gone."""
        self._connections.discard(self)
        del self._parser, self._received  # the parser knows this object, which would outlive it

    def get_buffer(self, sizehint: int) -> bytearray:  # noqa: ARG002
        """The event loop: where to put what it sends."""
        return self._received

    def buffer_updated(self, nbytes: int) -> None:
        """The event loop: it has sent something."""
        try:
            self._read(bytes(memoryview(self._received)[:nbytes]))
        except httptools.HttpParserError as error:
            self._broken_by = str(error) or "it is not HTTP/1.1"
        self._proceed()

    def pause_writing(self) -> None:
        """The event loop: it does not take its answers."""
        self._is_full = True
        self._transport.pause_reading()

    def resume_writing(self) -> None:
        """The event loop: it takes them again."""
        self._is_full = False
        self._proceed()

    def close(self) -> None:
        """End, after what has been answered."""
        self._transport.close()

    def abort(self) -> None:
        """End now."""
        self._transport.abort()

    def on_message_begin(self) -> None:
        """The parser: a request begins."""
        self._target = b""
        self._headers: dict[str, str] = {}
        self._body = b""
        self._head_size = 0
        self._is_in_head = True

    def on_url(self, part: bytes) -> None:
        """The parser: more of its target."""
        self._target += part

    def on_header(self, raw_name: bytes, raw_value: bytes) -> None:
        """The parser: a header. One that follows a body is none of the request's."""
        if not self._is_in_head:
            return
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        known = self._headers.get(name)
        self._headers[name] = value if known is None else f"{known}, {value}"

    def on_headers_complete(self) -> None:
        """The parser: the body comes next, if there is one."""
        self._is_in_head = False
        is_next = not self._waiting and self._may_answer and not self._parser.should_upgrade()
        if is_next and self._headers.get("expect", "").lower() == "100-continue":
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def on_body(self, part: bytes) -> None:
        """The parser: more of the body. All but one byte of what is over the limit is dropped."""
        self._body += part[: self._served.body_limit() + 1 - len(self._body)]

    def on_message_complete(self) -> None:
        """The parser: the request is there."""
        if self._parser.should_upgrade():
            return  # `_read` has it parsed once more
        target = self._target.decode("ascii")
        if not target.startswith("/") and "://" in target:  # as for a proxy; servers must take it
            target = "/" + target.partition("://")[2].partition("/")[2]
        path, _, query = target.partition("?")
        method = self._parser.get_method().decode("ascii")
        request = Request(method, path, query, self._headers, self._body)
        is_kept = self._parser.should_keep_alive() and self._parser.get_http_version() == "1.1"
        self._waiting.append(_Asked(request, is_last=not is_kept))

    def _read(self, data: bytes) -> None:
        """Parse.

        Raises:
            HttpParserError: this is not HTTP/1.1, or its head is too long.
        """
        self._head_size += len(data)
        while data:
            try:
                self._parser.feed_data(data)
                break
            except httptools.HttpParserUpgrade as upgrade:
                data = self._without_upgrade() + data[upgrade.args[0] :]
        if self._is_in_head and self._head_size > _LARGEST_HEAD:
            raise httptools.HttpParserError(f"its head has over {_LARGEST_HEAD:,} bytes")

    def _without_upgrade(self) -> bytes:
        """The head of a request once more, without the offer to speak another protocol.

        Java's client makes one (of HTTP/2). It may be ignored, but the parser, which takes it for
        accepted, leaves out the body.
        """
        method, version = self._parser.get_method(), self._parser.get_http_version()
        self._parser = httptools.HttpRequestParser(self)
        if method == b"CONNECT":
            raise httptools.HttpParserError("this is no proxy")
        kept = [f"{name}: {value}" for name, value in self._headers.items() if name != "upgrade"]
        first = b"%b %b HTTP/%b" % (method, self._target, version.encode())
        return b"\r\n".join([first, *(line.encode("latin-1") for line in kept), b"", b""])

    @property
    def _may_answer(self) -> bool:
        """Whether the next answer may be begun: none is under way, and the client takes them."""
        return self._delayed is None and not self._is_full and not self._transport.is_closing()

    def _proceed(self) -> None:
        """Answer what waits, then read on."""
        while self._waiting and self._may_answer:
            self._answer(self._waiting.popleft())
        if not self._may_answer:
            return
        self._transport.resume_reading()
        if self._broken_by:
            reason = f"The request cannot be read as HTTP/1.1: {self._broken_by}."
            refusal = encoded(invalid(reason).answer().body)
            self._write(Response(400, refusal, {"content-type": "application/json"}), is_last=True)

    def _answer(self, asked: _Asked) -> None:
        try:
            response = self._served.handle(asked.request)
        except Exception:
            logger.exception("%s %s failed", asked.request.method, asked.request.path)
            response, asked = Response(500), asked._replace(is_last=True)
        if response.delay:
            self._transport.pause_reading()
            later = self._answer_later(response, asked)
            self._delayed = asyncio.get_running_loop().create_task(later)
        else:
            self._write(response, is_last=asked.is_last, is_head=asked.request.method == "HEAD")

    async def _answer_later(self, response: Response, asked: _Asked) -> None:
        try:
            await self._served.clock.async_sleep(response.delay)
            self._write(response, is_last=asked.is_last, is_head=asked.request.method == "HEAD")
        except Exception:
            logger.exception("%s %s failed", asked.request.method, asked.request.path)
            self.abort()
        self._delayed = None
        self._proceed()

    def _write(self, response: Response, *, is_last: bool, is_head: bool = False) -> None:
        """Put an answer on the wire, as far as it is to arrive."""
        if self._transport.is_closing():
            return
        if not response.is_dropped:
            has_body = response.may_have_body and not is_head
            body = response.body[: response.deliver] if has_body else b""
            self._transport.write(_head(response, is_last=is_last) + body)
        if is_last or response.deliver is not None:
            self._transport.close()


def _head(response: Response, *, is_last: bool) -> bytes:
    lines = [
        f"HTTP/1.1 {response.status} {_REASONS.get(response.status, '')}",
        f"date: {_date(int(time.time()))}",
        *(f"{name}: {value}" for name, value in response.headers.items()),
    ]
    if response.may_have_body:
        lines.append(f"content-length: {len(response.body)}")
    lines.append("connection: close\r\n\r\n" if is_last else "\r\n")
    return "\r\n".join(lines).encode("latin-1")


@lru_cache(maxsize=1)
def _date(second: int) -> str:
    return formatdate(second, usegmt=True)
