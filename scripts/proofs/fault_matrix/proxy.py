"""A forwarding proxy on a real socket: CONNECT for https, absolute URLs for http."""

import socket
import threading
from contextlib import suppress
from urllib.parse import urlsplit

from scripts.proofs.raw_server import RawServer


class ForwardingProxy(RawServer):
    """A proxy; with `refusal` it says only that.

    Attributes:
        asked: the request lines that it got.
        heads: the whole heads.
    """

    def __init__(self, refusal: bytes = b"") -> None:
        super().__init__()
        self.asked: list[str] = []
        self.heads: list[bytes] = []
        self._refusal = refusal

    def serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.settimeout(5)
            head = b""
            while b"\r\n\r\n" not in head:
                if not (data := connection.recv(65_536)):
                    return
                head += data
            self.heads.append(head)
            self.asked.append(head.split(b"\r\n", 1)[0].decode())
            if self._refusal:
                connection.sendall(self._refusal)
            else:
                self.forward(connection, head)

    def forward(self, connection: socket.socket, head: bytes) -> None:
        """Connect the client with the server that a head names, until both have hung up."""
        method, target, _ = self.asked[-1].split()
        url = urlsplit(f"//{target}" if method == "CONNECT" else target)
        with socket.create_connection((url.hostname or "", url.port or 80)) as upstream:
            if method == "CONNECT":
                connection.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
            else:
                upstream.sendall(head)
            back = threading.Thread(target=_copy, args=(upstream, connection), daemon=True)
            back.start()
            _copy(connection, upstream)
            back.join(5)


def _copy(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65_536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
