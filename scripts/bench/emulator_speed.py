"""Row 10: the emulator over HTTP, compared with Prism's mock of the same contract."""

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from typing import Final

from scripts.bench.bare_requests import ask, request
from scripts.bench.rounds import Bench, Cost, Results, served, take_turns
from scripts.bench.table import Finding, amounts, ratios
from scripts.peers import running_prism
from scripts.project import PINNED_CONTRACT

CONNECTIONS: Final = 2
REQUEST: Final = request("/restore-jobs?limit=10", "k")


def measure(bench: Bench) -> list[Finding]:
    """Request the same listing from both over two connections.

    It is measured for servers that have just started, as in a test suite, and once more when they
    have served for a while, since the interpreter of Prism compiles code that runs often.
    """
    requests, rounds = bench.size(1_000, 4), bench.size(5, 1)
    with ExitStack() as servers:
        ours = served(sys.executable, "-m", "scripts.bench.programs.serve_emulator")
        runs = {"ours": partial(_ask, servers.enter_context(ours), requests)}
        if not bench.tiny:
            prism = running_prism("mock", PINNED_CONTRACT)
            runs["Prism"] = partial(_ask, servers.enter_context(prism), requests)
        begun = take_turns(runs, rounds)
        warm = take_turns(runs, rounds)
    work = f"list restore jobs, {CONNECTIONS} connections"
    later = f"{work}, after {requests * rounds:,} requests"
    return [
        *_compared(begun, work, to_reach=1.5),
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
    """Send the requests, shared among the connections."""
    each = requests // CONNECTIONS
    started = time.perf_counter()
    with ThreadPoolExecutor(CONNECTIONS) as threads:
        list(threads.map(lambda _: ask(url, REQUEST, each), range(CONNECTIONS)))
    wall = time.perf_counter() - started
    return {"wall": wall, "rate": each * CONNECTIONS / wall}
