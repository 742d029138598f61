"""Row 10: the emulator over HTTP, beside Prism's mock of the same contract."""

import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from socket import create_connection, socket
from typing import Final

from scripts.bench.environments import CONTRACT, PRISM, variables
from scripts.bench.plain import ask, request
from scripts.bench.rounds import Bench, Cost, served, take_turns
from scripts.bench.table import Finding, amounts, ratios

CONNECTIONS: Final = 2
REQUEST: Final = request("/restore-jobs?limit=10", "k")


def measure(bench: Bench) -> list[Finding]:
    """Ask both for the same listing over two connections."""
    requests = bench.size(1_000, 4)
    with served(sys.executable, "-m", "scripts.bench.programs.serve_emulator") as url:
        runs = {"ours": partial(_ask, url, requests)}
        if bench.tiny:
            results = take_turns(runs, 1)
        else:
            with _prism() as mock:
                results = take_turns({**runs, "Prism": partial(_ask, mock, requests)}, 5)
    work = f"list restore jobs, {CONNECTIONS} connections"
    return [
        *ratios(
            results,
            "rate",
            {"Prism": 3.0},
            row=10,
            work=work,
            figure="requests per second",
            bound="at least",
        ),
        *amounts(results, "wall", row=10, work=work, figure="time per request", per=requests),
    ]


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
