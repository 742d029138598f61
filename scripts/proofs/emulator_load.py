"""The emulator's server under many connections and a slow client.

``python -m scripts.proofs.emulator_load [CONNECTIONS]`` opens connections that stay idle (10,000 by
default), prints the server's memory per connection and what is left of it afterwards, then sends a
body of 2 MB in chunks of a single byte and prints how long another client waited for its answers
meanwhile. The exit status is 1 when memory stays more than 20 % up, or an answer took over 50 ms
longer than without the slow client.
"""

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
LARGEST_DELAY: Final = 0.050
LARGEST_GROWTH: Final = 1.2
SPARE: Final = 100
"""File descriptors besides the connections."""

HEAD: Final = (
    b"POST /indexes HTTP/1.1\r\nHost: localhost\r\nApi-Key: key\r\nConnection: close\r\n"
    b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
)


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
    with emulator() as server:
        is_quick = slow_body(server)
    return 0 if is_released and is_quick else 1


def idle_connections(server: Server, count: int) -> bool:
    """Print the memory of idle connections; return whether it is given back."""
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


def slow_body(server: Server) -> bool:
    """Print how long others wait beside a body in single bytes; return whether it is short."""
    alone = max(answers(server, 300))
    sender = threading.Thread(target=send_in_bytes, args=(server,))
    sender.start()
    beside: list[float] = []
    while sender.is_alive():
        beside += answers(server, 10)
    sender.join()
    print(
        f"{BODY / 1e6:.0f} MB in chunks of a byte: {len(beside):,} answers to another client took "
        f"{max(beside) * 1000:.1f} ms at most, {alone * 1000:.1f} ms without it"
    )
    return max(beside) - alone <= LARGEST_DELAY


def send_in_bytes(server: Server) -> None:
    """Send one body, each byte in a chunk of its own."""
    with socket.create_connection(server.address, timeout=120) as connection:
        connection.sendall(HEAD + b"1\r\n \r\n" * BODY + b"0\r\n\r\n")
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
