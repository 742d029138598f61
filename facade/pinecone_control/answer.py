"""An answer that is here, to its last byte."""

import httpx


class WholeResponse(httpx.Response):
    """An httpx response whose body is in memory, as it was decoded.

    httpx would take bytes for a stream to read, decode and count: a tenth of a call's time
    (measured).

    Args:
        status: the HTTP status.
        headers: names and values, as they came.
        body: all of it.
        request: what this answers.
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
        self._body = body

    def __getstate__(self) -> dict[str, object]:
        self.read()  # what is pickled has no stream
        return super().__getstate__()

    @property
    def content(self) -> bytes:
        """The body."""
        return self._body
