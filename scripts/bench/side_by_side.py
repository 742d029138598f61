"""Row 8: many concurrent calls, over a network with latency."""

from contextlib import ExitStack
from functools import partial
from typing import Final

from scripts.bench.rounds import Bench, prepared_answers, program, served, take_turns
from scripts.bench.table import Finding, amounts, ratios
from scripts.peers import BARE, HTTP2, OURS

LATENCY: Final = 0.05
CONNECTIONS: Final = "httpcore's connections, no pool"
"""The lower bound of any client of httpx: the time of its connections alone."""
CLIENTS: Final = {
    "ours": program(OURS, "side_by_side_ours"),
    "ours, connections open before": program(OURS, "side_by_side_ours", "--warm"),
    "ours, on one pool of httpx": program(OURS, "side_by_side_ours", "--one-pool"),
    "ours, on HTTP/2": program(HTTP2, "side_by_side_ours", "--http2"),
    "httpx + orjson": program(BARE, "side_by_side_httpx"),
    CONNECTIONS: program(BARE, "side_by_side_httpcore"),
    "bare asyncio, no HTTP library": program(BARE, "side_by_side_bare"),
}
"""The last one shows the share of the server and the timers in the time."""


def measure(bench: Bench) -> list[Finding]:
    """Measure describing many restore jobs with a new client, which opens its connections."""
    times, at_once = bench.size(500, 10), bench.size(50, 5)
    ideal = LATENCY * times / at_once
    clients = bench.runnable(CLIENTS)
    with ExitStack() as servers:
        hosts = dict.fromkeys(clients, servers.enter_context(prepared_answers(LATENCY)))
        if "ours, on HTTP/2" in clients:
            http2 = bench.command(program(HTTP2, "serve_http2"), LATENCY)
            hosts["ours, on HTTP/2"] = servers.enter_context(served(*http2))
        runs = {
            name: partial(bench.run, client, hosts[name], times, at_once)
            for name, client in clients.items()
        }
        results = take_turns(runs, bench.size(7, 1))
    work = f"{times} describes, {at_once} at once, {LATENCY * 1000:g} ms of latency"
    ideals = [
        Finding(
            8, work, f"time / the ideal of {ideal:g} s, {name}", spreads["wall"].scaled(1 / ideal)
        )
        for name, spreads in results.items()
    ]
    floor = {CONNECTIONS: 1.1}
    ahead = ratios(results, "wall", floor, row=8, work=work, figure="time")
    return (
        ahead + ideals + amounts(results, "cpu", row=8, work=work, figure="CPU per call", per=times)
    )
