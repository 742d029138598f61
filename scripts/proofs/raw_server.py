"""A server on loopback that speaks bare sockets."""

import contextlib
import socket
from threading import Thread
from typing import Self

_PATIENCE = 10.0


class RawServer:
    """Serves each connection in a thread of its own, as `serve` of its subclass says."""

    scheme = "http"

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self._accepting = Thread(target=self._accept)

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.listener.getsockname()[1]}"

    def serve(self, connection: socket.socket) -> None:
        """Serve one connection to its end."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        self._accepting.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self._accepting.join(_PATIENCE)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # closed: the test is over
            while True:
                connection, _ = self.listener.accept()
                Thread(target=self.serve, args=(connection,), daemon=True).start()
