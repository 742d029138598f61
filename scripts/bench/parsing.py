"""Row 3: a page of 100 restore jobs, from bytes to models."""

from functools import partial
from typing import Final

from scripts.bench.rounds import Bench, program, take_turns
from scripts.bench.table import Finding, amounts, ratios
from scripts.peers import BARE, GENERATED, OURS, SDK_10

PROGRAMS: Final = {
    "ours": program(OURS, "parse_ours"),
    "SDK 10.2.0": program(SDK_10, "parse_sdk_10"),
    "stock client": program(GENERATED, "parse_stock"),
    "orjson, no models": program(BARE, "parse_orjson"),
}
PEERS: Final = {"SDK 10.2.0": None, "stock client": 0.3, "orjson, no models": None}


def measure(bench: Bench) -> list[Finding]:
    """Measure repeated parsing of the same bytes."""
    times = bench.size(5_000, 3)
    runs = {name: partial(bench.run, run, times) for name, run in bench.runnable(PROGRAMS).items()}
    results = take_turns(runs, bench.size(15, 1))
    work = "parse a page of 100"
    return [
        *ratios(results, "cpu", PEERS, row=3, work=work, figure="CPU"),
        *amounts(results, "cpu", row=3, work=work, figure="CPU per page", per=times),
    ]
