"""A server that misbehaves on purpose: raw HTTP/1.1 over real sockets, with or without TLS.

Its behaviour is a script of acts. A new connection takes the next act; a connection that an act
left open takes another one for each further request. After the last act, the server behaves well.
"""

import select
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from attrs import define, field, frozen

from scripts.proofs.replay import Canned

PATIENCE = 30.0
"""Seconds after which a part of the server gives up on a client that does nothing."""


@frozen
class Received:
    """A request that arrived in full."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@frozen
class Answer(Canned):
    """The response of a well-behaved server."""

    def head(self, **more: str) -> bytes:
        headers = {
            "Content-Type": "application/json",
            "Content-Length": str(len(self.content)),
            **self.headers,
            **{name.replace("_", "-"): value for name, value in more.items()},
        }
        lines = [f"HTTP/1.1 {self.status} Said", *(f"{k}: {v}" for k, v in headers.items())]
        return "\r\n".join(lines).encode() + b"\r\n\r\n"

    def on_the_wire(self) -> bytes:
        return self.head() + self.content


@define
class Connection:
    """One connection, as acts use it."""

    sock: socket.socket
    server: "MisbehavingServer"

    def request(self) -> Received:
        """Read one request, and record it."""
        head = b""
        while b"\r\n\r\n" not in head:
            head += self._more()
        head, body = head.split(b"\r\n\r\n", 1)
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines)}
        while len(body) < int(headers.get("content-length", 0)):
            body += self._more()
        method, path, _ = first.split(" ", 2)
        received = Received(method, path, headers, body)
        self.server.received.append(received)
        return received

    def perform(self) -> tuple[Received, int]:
        """Read one request and do its work; also return how often that was done before."""
        received = self.request()
        done = self.server.performed
        before = sum((each.method, each.path) == (received.method, received.path) for each in done)
        done.append(received)
        return received, before

    def send(self, data: bytes) -> None:
        self.sock.sendall(data)

    def trickle(self, data: bytes, pause: float) -> None:
        """Send byte by byte, without end, until the client closes the connection."""
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends:
            for byte in data:
                self.send(bytes([byte]))
                if self.hung_up_within(pause):
                    return

    def hung_up_within(self, seconds: float) -> bool:
        readable, _, _ = select.select([self.sock], [], [], seconds)
        return bool(readable) and self._is_at_end()

    def wait_for_hang_up(self) -> None:
        self.hung_up_within(PATIENCE)

    def reset(self) -> None:
        """Break the connection with RST instead of FIN."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()

    def _is_at_end(self) -> bool:
        try:
            return not self.sock.recv(65_536)
        except OSError:
            return True

    def _more(self) -> bytes:
        data = self.sock.recv(65_536)
        if not data:
            raise ConnectionError("the client hung up")
        return data


Act = Callable[[Connection], bool]
"""Returns whether the connection stays open for another request."""


@define
class MisbehavingServer:
    """The server of this module, with the script that it follows.

    Attributes:
        good: the good response to a request, given how often its work was done before.
        again: whether the first act of the script is repeated for ever.
        tls: the certificate to use; None means plain HTTP.
        received: requests that arrived complete.
        performed: those whose work was done, whatever the response was.
        connections: number of accepted connections.
        open: number of connections that are open now.
    """

    good: Callable[[Received, int], Answer]
    tls: ssl.SSLContext | None = None
    scheme: str = "http"
    hostname: str = "127.0.0.1"
    script: list[Act] = field(factory=list)
    again: bool = False
    received: list[Received] = field(factory=list)
    performed: list[Received] = field(factory=list)
    port: int = 0
    connections: int = 0
    open: int = 0
    _listener: socket.socket = field(factory=lambda: socket.socket(socket.AF_INET))
    _fillers: list[socket.socket] = field(factory=list)
    _lock: threading.Lock = field(factory=threading.Lock)
    _listening: bool = False

    def __attrs_post_init__(self) -> None:
        self._listener.bind(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.hostname}:{self.port}"

    def listen(self) -> None:
        """Accept connections; before this, they are refused."""
        for filler in self._fillers:
            filler.close()
        self._listener.listen(128)
        if not self._listening:
            self._listening = True
            threading.Thread(target=self._accept, daemon=True).start()

    def fill_the_queue(self) -> None:
        """Fill the backlog, so that connections are neither accepted nor refused."""
        self._listener.listen(0)
        for _ in range(3):
            filler = socket.socket(socket.AF_INET)
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", self.port))
            self._fillers.append(filler)
        time.sleep(0.01)

    def behave(self) -> None:
        """From now on, behave well."""
        self.script.clear()
        self.listen()

    def wait_until_at_most(self, open_connections: int) -> bool:
        """Return whether soon at most that many connections are open."""
        ends = time.monotonic() + 1.0
        while self.open > open_connections and time.monotonic() < ends:
            time.sleep(0.001)
        return self.open <= open_connections

    def close(self) -> None:
        for each in (self._listener, *self._fillers):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.settimeout(PATIENCE)
            with self._lock:
                self.connections += 1
                self.open += 1
            threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, raw: socket.socket) -> None:
        sock = raw
        # A client may close or break the connection of a server in a test in any way.
        with suppress(OSError, ValueError):
            act = self._next_act()
            if self.tls is not None and not getattr(act, "before_tls", False):
                sock = self.tls.wrap_socket(raw, server_side=True)
            connection = Connection(sock, self)
            while act(connection) and not self._ended(sock):
                act = self._next_act()
        sock.close()
        raw.close()
        with self._lock:
            self.open -= 1

    def _next_act(self) -> Act:
        with self._lock:
            if not self.script:
                return behave_well
            return self.script[0] if self.again else self.script.pop(0)

    def _ended(self, sock: socket.socket) -> bool:
        """Wait for the next request or the end of the connection."""
        if isinstance(sock, ssl.SSLSocket):
            if not sock.pending():
                select.select([sock], [], [], PATIENCE)
            return False
        select.select([sock], [], [], PATIENCE)
        return not sock.recv(1, socket.MSG_PEEK)


@contextmanager
def misbehaving(
    good: Callable[[Received, int], Answer], **settings: Any
) -> Iterator[MisbehavingServer]:
    """Run a server until the block ends. It refuses connections until it is told to listen."""
    server = MisbehavingServer(good, **settings)
    try:
        yield server
    finally:
        server.close()


# ------------------------------------------------------------------------------------------ acts


def behave_well(connection: Connection) -> bool:
    connection.send(connection.server.good(*connection.perform()).on_the_wire())
    return True


def say(answer: Answer, *, performed: bool = False) -> Act:
    """Send a complete response; with `performed`, do the work before."""

    def act(connection: Connection) -> bool:
        connection.perform() if performed else connection.request()
        connection.send(answer.on_the_wire())
        return True

    return act


def say_raw(data: bytes) -> Act:
    """Do the work, send these bytes, close."""

    def act(connection: Connection) -> bool:
        connection.perform()
        connection.send(data)
        return False

    return act


def hang_up_at_once(_: Connection) -> bool:
    return False


def hang_up_after_work(connection: Connection) -> bool:
    connection.perform()
    return False


def reset_after(data: bytes) -> Act:
    """Do the work, send these bytes, break the connection."""

    def act(connection: Connection) -> bool:
        connection.perform()
        connection.send(data)
        time.sleep(0.005)  # let the bytes arrive before the RST, which would overtake them
        connection.reset()
        return False

    return act


def stay_silent_after(data: bytes) -> Act:
    """Do the work, send these bytes, then stay silent."""

    def act(connection: Connection) -> bool:
        connection.perform()
        connection.send(data)
        connection.wait_for_hang_up()
        return False

    return act


def trickle(head: bytes, drops: bytes, pause: float) -> Act:
    """Do the work, send `head`, then `drops` byte by byte without end."""

    def act(connection: Connection) -> bool:
        connection.perform()
        connection.send(head)
        connection.trickle(drops, pause)
        return False

    return act


def before_tls(data: bytes) -> Act:
    """Send these bytes instead of a TLS handshake."""

    def act(connection: Connection) -> bool:
        connection.sock.recv(65_536)
        connection.send(data)
        return False

    act.before_tls = True  # type: ignore[attr-defined]
    return act
