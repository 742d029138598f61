"""Rows 1 and 2: iterating all restore jobs."""

from collections.abc import Iterable
from functools import partial
from typing import Final
from urllib.request import urlopen

from scripts.bench.bare_requests import ask, request
from scripts.bench.rounds import (
    Bench,
    Cost,
    Program,
    Results,
    Spread,
    prepared_answers,
    program,
    take_turns,
)
from scripts.bench.table import Finding, amounts, ratios
from scripts.peers import BARE, GENERATED, OURS, SDK_7, SDK_10

PROGRAMS: Final = {
    "ours": program(OURS, "drain_ours"),
    "SDK 10.2.0": program(SDK_10, "drain_sdk_10"),
    "SDK 7.3.0": program(SDK_7, "drain_sdk_7"),
    "stock client": program(GENERATED, "drain_stock"),
    "httpx + orjson": program(BARE, "drain_httpx"),
    "httpcore + orjson": program(BARE, "drain_httpcore"),
}
OWN_SETTINGS: Final = {"SDK 10.2.0": 0.09, "SDK 7.3.0": 0.02, "stock client": None}
PAGES_OF_100: Final = {
    "SDK 10.2.0": 0.9,
    "httpcore + orjson": None,
    "httpx + orjson": None,
    "stock client": None,
}
"""Limit of the ratio to each peer; None for a peer that is shown for comparison only."""


def measure(bench: Bench) -> list[Finding]:
    """Measure every client, with its default settings and with the largest pages."""
    jobs = bench.size(50_000, 300)
    with prepared_answers() as host:
        own = _drain(bench, host, jobs, "default", OWN_SETTINGS, rounds=3)
        alike = _drain(bench, host, jobs, "100", PAGES_OF_100, rounds=15)
        server = _pages_per_second(bench, host)
    own_work = f"drain {jobs:,} restore jobs, default settings"
    alike_work = f"drain {jobs:,} restore jobs, pages of 100"
    requests = dict.fromkeys(OWN_SETTINGS)
    return [
        *ratios(own, "cpu", OWN_SETTINGS, row=1, work=own_work, figure="CPU"),
        *ratios(own, "requests", requests, row=1, work=own_work, figure="requests"),
        *amounts(own, "cpu", row=1, work=own_work, figure="CPU per job", per=jobs),
        *ratios(alike, "cpu", PAGES_OF_100, row=2, work=alike_work, figure="CPU"),
        _server_ahead(alike, jobs, server),
        *amounts(alike, "cpu", row=2, work=alike_work, figure="CPU per job", per=jobs),
    ]


def _drain(
    bench: Bench, host: str, jobs: int, limit: str, peers: Iterable[str], *, rounds: int
) -> Results:
    def drain(client: Program) -> Cost:
        _requests(host)
        cost = bench.run(client, host, jobs, limit)
        if cost["items"] != jobs:
            raise ValueError(f"{client.arguments} found {cost['items']} of {jobs} restore jobs")
        # One request fetched the first page of another listing, to warm up.
        return {**cost, "requests": _requests(host) - 1}

    clients = bench.runnable({name: PROGRAMS[name] for name in ["ours", *peers]})
    runs = {name: partial(drain, client) for name, client in clients.items()}
    return take_turns(runs, bench.size(rounds, 1))


def _pages_per_second(bench: Bench, host: str) -> Spread:
    """Return the pages per second of the server for a client that discards them."""
    times = bench.size(2_000, 20)
    page = request("/restore-jobs?limit=100", "jobs-1000")
    return Spread(tuple(times / ask(host, page, times) for _ in range(bench.size(3, 1))))


def _server_ahead(results: Results, jobs: int, server: Spread) -> Finding:
    """Show that the server is faster than every client."""
    fastest = min(spreads["wall"].median for spreads in results.values())
    ratio = server.scaled(fastest / (jobs / 100))
    work = "the server of prepared responses, pages of 100"
    return Finding(2, work, "pages per second / the fastest client's", ratio)


def _requests(host: str) -> int:
    """Return the number of requests since the last call."""
    with urlopen(f"{host}/requests", timeout=10) as answer:  # noqa: S310 - our own server
        return int(answer.read())
