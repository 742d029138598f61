"""Row 7: one call, and its cost above that of the request itself."""

from functools import partial
from typing import Final

from scripts.bench.rounds import Bench, prepared_answers, program, take_turns
from scripts.bench.table import Finding, amounts, ratios
from scripts.peers import BARE, OURS, SDK_10

PROGRAMS: Final = {
    "ours": program(OURS, "describe_ours"),
    "httpx + orjson": program(BARE, "describe_httpx"),
    "SDK 10.2.0": program(SDK_10, "describe_sdk_10"),
}


def measure(bench: Bench) -> list[Finding]:
    """Measure repeated calls that describe one restore job."""
    times = bench.size(2_000, 3)
    with prepared_answers() as host:
        runs = {
            name: partial(bench.run, run, host, times)
            for name, run in bench.runnable(PROGRAMS).items()
        }
        results = take_turns(runs, bench.size(7, 1))
    work = "describe one restore job"
    peers = {"httpx + orjson": 0.9, "SDK 10.2.0": None}
    return [
        *ratios(results, "cpu", peers, row=7, work=work, figure="CPU"),
        *amounts(results, "cpu", row=7, work=work, figure="CPU", per=times),
    ]
