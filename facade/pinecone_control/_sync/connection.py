# Derived from _async/connection.py by scripts/generate/derive_sync.py. Do not edit.
"""One connection, opened when it is needed, and anew when it has come to its end."""

from collections.abc import Callable, Iterator

import httpcore
import httpx

from pinecone_control._http.translation import ERRORS, error_of_httpx, for_httpcore


class Connection(httpx.BaseTransport):
    """A transport for one request at a time.

    httpx's own transport stands on a pool of connections, which is more than one connection needs:
    choosing and assigning take a fifth of a call's time (measured), and a pool that ctrl-C
    interrupted can take its only connection for busy for ever (measured).

    Args:
        connect: makes a connection of httpcore's; it connects when it is first used.
    """

    def __init__(self, connect: Callable[[], httpcore.ConnectionInterface]) -> None:
        self._connect = connect
        self._connection: httpcore.ConnectionInterface | None = None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request; the answer's body must be read, or closed, before the next one."""
        try:
            connection = self._usable()
            answer = connection.handle_request(for_httpcore(request))
        except ERRORS as error:
            raise error_of_httpx(error) from error
        return httpx.Response(
            answer.status,
            headers=answer.headers,
            stream=ConnectionBody(answer),
            extensions=answer.extensions,
        )

    def close(self) -> None:
        """Close the connection, also in the middle of an answer."""
        if self._connection is not None:
            self._connection.close()

    def _usable(self) -> httpcore.ConnectionInterface:
        """Return the connection, or a new one where the server or time has ended the last."""
        if self._connection is not None and (
            self._connection.is_closed() or self._connection.has_expired()
        ):
            self._connection.close()
            self._connection = None
        if self._connection is None:
            self._connection = self._connect()
        return self._connection


class ConnectionBody(httpx.SyncByteStream):
    """The body of an answer, as it arrives."""

    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        try:
            for chunk in self._answer.iter_stream():
                yield chunk
        except ERRORS as error:
            raise error_of_httpx(error) from error

    def close(self) -> None:
        self._answer.close()
