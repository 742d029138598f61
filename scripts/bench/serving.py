"""Row 10: the emulator over HTTP, beside Prism's mock of the same contract."""

import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from socket import create_connection, socket
from typing import Final

from scripts.bench.environments import CONTRACT, PRISM, variables
from scripts.bench.plain import ask, request
from scripts.bench.rounds import Bench, Cost, Results, served, take_turns
from scripts.bench.table import Finding, amounts, ratios

CONNECTIONS: Final = 2
REQUEST: Final = request("/restore-jobs?limit=10", "k")


def measure(bench: Bench) -> list[Finding]:
    """Ask both for the same listing over two connections.

    As a test suite does, of servers that have just begun; and, since the interpreter of Prism
    compiles what runs often, once more when they have served for a while.
    """
    requests, rounds = bench.size(1_000, 4), bench.size(5, 1)
    with ExitStack() as servers:
        ours = served(sys.executable, "-m", "scripts.bench.programs.serve_emulator")
        runs = {"ours": partial(_ask, servers.enter_context(ours), requests)}
        if not bench.tiny:
            runs["Prism"] = partial(_ask, servers.enter_context(_prism()), requests)
        begun = take_turns(runs, rounds)
        warm = take_turns(runs, rounds)
    work = f"list restore jobs, {CONNECTIONS} connections"
    later = f"{work}, after {requests * rounds:,} requests"
    return [
        *_compared(begun, work, to_reach=3.0),
        *amounts(begun, "wall", row=10, work=work, figure="time per request", per=requests),
        *_compared(warm, later, to_reach=None),
    ]


def _compared(results: Results, work: str, *, to_reach: float | None) -> list[Finding]:
    return ratios(
        results,
        "rate",
        {"Prism": to_reach},
        row=10,
        work=work,
        figure="requests per second",
        bound="at least",
    )


def _ask(url: str, requests: int) -> Cost:
    """Make the requests, shared among the connections."""
    each = requests // CONNECTIONS
    started = time.perf_counter()
    with ThreadPoolExecutor(CONNECTIONS) as threads:
        list(threads.map(lambda _: ask(url, REQUEST, each), range(CONNECTIONS)))
    wall = time.perf_counter() - started
    return {"wall": wall, "rate": each * CONNECTIONS / wall}


@contextmanager
def _prism() -> Iterator[str]:
    """Run Prism on a free port for the length of the block."""
    with socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    command = [str(PRISM), "mock", "--port", str(port), "--verboseLevel", "silent", str(CONTRACT)]
    with subprocess.Popen(command, env=variables(), stdout=subprocess.DEVNULL) as process:
        try:
            _wait_for(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def _wait_for(port: int) -> None:
    for _ in range(300):
        try:
            create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(f"nothing listens on port {port}")
