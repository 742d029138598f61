"""Load the emulator's server with many connections and a slow client.

``python -m scripts.proofs.emulator_load [CONNECTIONS]`` opens connections that stay idle (10,000 by
default), prints the server's memory per connection and how much is left afterwards, then sends
large bodies, one of them in chunks of a single byte, and prints how long another client waited for
its responses meanwhile. The exit status is 1 if memory stays more than 20 % higher, or a response
took over 50 ms longer than without the load.
"""

import json
import re
import resource
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import httpx
from attrs import frozen

CONNECTIONS: Final = 10_000
BODY: Final = 2_000_000
LARGEST_TAGS: Final = 4_500
"""As many as fit into the largest body that the emulator takes."""

LARGEST_DELAY: Final = 0.050
LARGEST_GROWTH: Final = 1.2
SPARE: Final = 100
"""File descriptors besides the connections."""

HEAD: Final = (
    b"POST /indexes HTTP/1.1\r\nHost: localhost\r\nApi-Key: key\r\nConnection: close\r\n"
    b"Content-Type: application/json\r\n"
)
CHUNKED: Final = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


@frozen
class Server:
    """An emulator in a process of its own."""

    url: str
    process: subprocess.Popen[str]

    @property
    def address(self) -> tuple[str, int]:
        return "127.0.0.1", int(self.url.rpartition(":")[2])

    @property
    def memory(self) -> int:
        """Resident memory in bytes."""
        status = Path(f"/proc/{self.process.pid}/status").read_text("utf-8")
        (kilobytes,) = re.findall(r"VmRSS:\s+(\d+) kB", status)
        return int(kilobytes) * 1024


@contextmanager
def emulator() -> Iterator[Server]:
    """Run an emulator for the length of the block."""
    command = [sys.executable, "-m", "scripts.bench.programs.serve_emulator"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        said = process.stdout.readline() if process.stdout else ""
        try:
            yield Server(said.strip(), process)
        finally:
            process.kill()


def main() -> int:
    """Measure both; return the exit status."""
    count = int(sys.argv[1]) if sys.argv[1:] else CONNECTIONS
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, count + SPARE), hard))
    with emulator() as server:
        is_released = idle_connections(server, count)
    with emulator() as server, emulator() as idle:
        is_fair = other_clients(server, idle)
    return 0 if is_released and is_fair else 1


def idle_connections(server: Server, count: int) -> bool:
    """Print the memory of idle connections; return whether it is released afterwards."""
    answers(server, 100)
    before = server.memory
    opened = [socket.create_connection(server.address, timeout=30) for _ in range(count)]
    answers(server, 1)
    during = server.memory
    for connection in opened:
        connection.close()
    time.sleep(4)
    answers(server, 100)
    after = server.memory
    print(
        f"{count:,} idle connections: {(during - before) / count / 1000:.1f} kB each; "
        f"{before / 1e6:.1f} MB before, {during / 1e6:.1f} MB with them, {after / 1e6:.1f} MB after"
    )
    return after <= LARGEST_GROWTH * before


def other_clients(server: Server, idle: Server) -> bool:
    """Print how long other clients wait during large bodies; return whether it is short enough."""
    in_bytes = CHUNKED + b"1\r\n \r\n" * BODY + b"0\r\n\r\n"
    tags = json.dumps({"tags": {str(number): "v" for number in range(LARGEST_TAGS)}}).encode()
    sent_whole = b"%bContent-Length: %d\r\n\r\n%b" % (HEAD, len(tags), tags)
    bodies = {
        f"{BODY / 1e6:.0f} MB in chunks of a byte": [in_bytes],
        f"50 bodies of {len(tags) / 1e3:.0f} kB": [sent_whole] * 50,
        f"50 bodies of {BODY / 1e6:.0f} MB": [
            b"%bContent-Length: %d\r\n\r\n%b" % (HEAD, BODY, b" " * BODY)
        ]
        * 50,
    }
    quick = [is_quick(server, idle, said, requests) for said, requests in bodies.items()]
    return all(quick)


def is_quick(server: Server, idle: Server, described: str, requests: list[bytes]) -> bool:
    """Print how long other clients wait while requests are sent; return whether it is short.

    Requests to an idle emulator alternate with them; its times are those of the machine itself.
    """
    sender = threading.Thread(target=send, args=(server, requests))
    sender.start()
    beside: list[float] = []
    alone: list[float] = []
    while sender.is_alive():
        beside += answers(server, 10)
        alone += answers(idle, 10)
    sender.join()
    print(
        f"{described}: {len(beside):,} responses to another client took {max(beside) * 1000:.1f} "
        f"ms at most, {max(alone) * 1000:.1f} ms from an idle emulator"
    )
    return max(beside) - max(alone) <= LARGEST_DELAY


def send(server: Server, requests: list[bytes]) -> None:
    """Send requests, each over a connection of its own, and read the responses."""
    for request in requests:
        with socket.create_connection(server.address, timeout=120) as connection:
            connection.sendall(request)
            while connection.recv(65536):
                pass


def answers(server: Server, count: int) -> list[float]:
    """Return the seconds that each of some requests took, over one connection."""
    taken = []
    with httpx.Client(trust_env=False, headers={"Api-Key": "key"}, timeout=120) as client:
        for _ in range(count):
            began = time.perf_counter()
            client.get(f"{server.url}/indexes")
            taken.append(time.perf_counter() - began)
    return taken[1:] or taken


if __name__ == "__main__":
    sys.exit(main())
