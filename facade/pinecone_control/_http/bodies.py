"""Bodies of requests and responses: decompressed, and never larger than allowed. Pure."""

import zlib
from collections.abc import AsyncIterator
from typing import Final

import httpx

_PLAIN: Final = frozenset({"", "identity"})
_COMPRESSED: Final = frozenset({"gzip", "x-gzip", "deflate"})
_GZIP_OR_ZLIB: Final = 32 + zlib.MAX_WBITS


class UnreadableBodyError(Exception):
    """Internal: the body of a response is too large or cannot be decompressed."""


class UnreadableAnswerError(Exception):
    """Internal: the body of a 2xx response is too large or cannot be decompressed."""

    def __init__(self, answer: httpx.Response, reason: str) -> None:
        super().__init__(reason)
        self.answer = answer


class BoundedBody:
    """Collects a body, chunk by chunk.

    httpx decompresses a whole chunk at once, so a few kilobytes from the network can become
    gigabytes. This class decompresses no more than the limit.

    Args:
        coding: the Content-Encoding header.
        limit: bytes, after decompression.
    """

    def __init__(self, coding: str, limit: int) -> None:
        self._coding = coding.strip().lower()
        self._limit = limit
        self._chunks: list[bytes] = []
        self._size = 0
        self._received = 0  # as received: a compressed body of any length can decompress to nothing
        self._inflate = None if self._coding in _PLAIN else zlib.decompressobj(_GZIP_OR_ZLIB)

    def feed(self, chunk: bytes) -> None:
        """Take the next received chunk.

        Raises:
            UnreadableBodyError: the body is too large, or cannot be decompressed.
        """
        self._received += len(chunk)
        if self._inflate is not None:
            if self._coding not in _COMPRESSED:
                raise UnreadableBodyError(
                    f"its content encoding {self._coding!r} was not asked for"
                )
            try:
                chunk = self._inflate.decompress(chunk, self._limit + 1 - self._size)
            except zlib.error as error:
                raise UnreadableBodyError(f"it cannot be decompressed: {error}") from None
        self._chunks.append(chunk)
        self._size += len(chunk)
        if max(self._received, self._size) > self._limit:
            raise UnreadableBodyError(f"it is larger than max_response_bytes, {self._limit:,}")

    def whole(self) -> bytes:
        """Return the body.

        Raises:
            UnreadableBodyError: the compressed body is incomplete.
        """
        if self._inflate is not None and self._received and not self._inflate.eof:
            raise UnreadableBodyError("its compressed form has no end")
        return b"".join(self._chunks)


class RequestBody(httpx.ByteStream):
    """The body of a request. httpx's is a generator, and trio warns about unfinished ones."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        return _Once(self._stream)


class _Once:
    """An iterator over one chunk."""

    def __init__(self, chunk: bytes) -> None:
        self._left = [chunk]

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        if not self._left:
            raise StopAsyncIteration
        return self._left.pop()


class WholeResponse(httpx.Response):
    """An httpx response whose decoded body is in memory.

    httpx would read, decode and count the bytes again as a stream, which takes a tenth of a call's
    time (measured).

    Args:
        status: the HTTP status.
        headers: names and values, as received.
        body: the whole body.
        request: the request of this response.
        extensions: as in httpx.
    """

    def __init__(
        self,
        status: int,
        headers: list[tuple[bytes, bytes]],
        body: bytes,
        request: httpx.Request,
        extensions: dict[str, object],
    ) -> None:
        super().__init__(
            status,
            headers=headers,
            stream=httpx.ByteStream(body),
            request=request,
            extensions=extensions,
        )
        self._content = body
        self.is_closed = self.is_stream_consumed = True
