"""Row 4: iterating a million restore jobs."""

from functools import partial
from typing import Final

from scripts.bench.rounds import Bench, Spread, prepared_answers, program, take_turns
from scripts.bench.table import Finding
from scripts.peers import OURS

DRAIN: Final = program(OURS, "memory_ours")


def measure(bench: Bench) -> list[Finding]:
    """Iterate few and many jobs; compare peak memory, and the speed at the start and at the end.

    A program that keeps a twentieth of the jobs shows that growth would be measured.
    """
    few, many = bench.size(1_000, 100), bench.size(1_000_000, 10_000)
    some = many // 20
    with prepared_answers() as host:
        runs = {
            "few": partial(bench.run, DRAIN, host, few, few // 10, "drop"),
            "many": partial(bench.run, DRAIN, host, many, many // 10, "drop"),
            "kept": partial(bench.run, DRAIN, host, some, some // 10, "keep"),
        }
        results = take_turns(runs, bench.size(3, 1))
    base = results["few"]["peak"]
    work = f"iterate {many:,} restore jobs"
    growth = results["many"]["peak"] - base
    slowing = results["many"]["last"] / results["many"]["first"]
    return [
        Finding(4, work, f"peak memory above that of {few:,}", growth, limit=15, unit=" MiB"),
        _kept(work, some, results["kept"]["peak"] - base),
        Finding(4, work, "CPU, last tenth / first tenth", slowing, limit=1.1),
    ]


def _kept(work: str, some: int, growth: Spread) -> Finding:
    if growth.median <= 0:
        raise ValueError(f"keeping {some:,} jobs shows no growth, so peak memory is not measured")
    return Finding(4, work, f"the same, keeping {some:,} in memory", growth, unit=" MiB")
