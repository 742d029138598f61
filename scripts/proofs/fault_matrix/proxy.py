"""A forwarding proxy on a real socket: CONNECT for https, absolute URLs for http."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

from attrs import define, field


@define
class Proxy:
    """What a proxy was asked for: the request lines, and the whole heads."""

    url: str
    asked: list[str] = field(factory=list)
    heads: list[bytes] = field(factory=list)

    def serve(self, client: socket.socket, refusal: bytes) -> None:
        with client, suppress(OSError):
            client.settimeout(5)
            head = b""
            while b"\r\n\r\n" not in head:
                head += client.recv(65_536)
            self.heads.append(head)
            self.asked.append(head.split(b"\r\n", 1)[0].decode())
            if refusal:
                client.sendall(refusal)
            else:
                self._forward(client, head)

    def _forward(self, client: socket.socket, head: bytes) -> None:
        method, target, _ = self.asked[-1].split()
        url = urlsplit(f"//{target}" if method == "CONNECT" else target)
        with socket.create_connection((url.hostname or "", url.port or 80)) as upstream:
            if method == "CONNECT":
                client.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
            else:
                upstream.sendall(head)
            back = threading.Thread(target=_copy, args=(upstream, client), daemon=True)
            back.start()
            _copy(client, upstream)
            back.join(5)


def _copy(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65_536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)


@contextmanager
def forwarding_proxy(refusal: bytes = b"") -> Iterator[Proxy]:
    """Run a proxy until the block ends; with `refusal` it says only that."""
    listener = socket.create_server(("127.0.0.1", 0))
    proxy = Proxy(f"http://127.0.0.1:{listener.getsockname()[1]}")

    def accept() -> None:
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                threading.Thread(target=proxy.serve, args=(client, refusal), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield proxy
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
