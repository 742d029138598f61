"""Run all benchmarks and print one table: `python -m scripts.bench [--tiny] [--rows 2,3]`.

The first run sets up the peers' environments under build/peers/ (a minute or two). A run takes
under ten minutes, prints the table and writes build/bench/results.json. `--tiny` only tests that
everything works, with this interpreter; its figures mean nothing. The exit status is 0 whatever the
figures are: the table is for reading, not a test.
"""

import argparse
import datetime as dt
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from scripts.bench import (
    draining,
    emulator_speed,
    generating,
    memory,
    parsing,
    side_by_side,
    single_call,
    starting,
    waiting,
)
from scripts.bench.rounds import Bench
from scripts.bench.table import Finding, markdown
from scripts.peers import set_up_measured, set_up_stock_client
from scripts.project import BUILD

RESULTS: Final = BUILD / "bench" / "results.json"
MEASUREMENTS: Final[dict[tuple[int, ...], Callable[[Bench], list[Finding]]]] = {
    (1, 2): draining.measure,
    (3,): parsing.measure,
    (4,): memory.measure,
    (5, 6): starting.measure,
    (7,): single_call.measure,
    (8,): side_by_side.measure,
    (9,): waiting.measure,
    (10,): emulator_speed.measure,
    (11,): generating.measure,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the table, and write the results to a file."""
    parser = argparse.ArgumentParser(prog="python -m scripts.bench", description=__doc__)
    parser.add_argument("--tiny", action="store_true", help="only test that everything works")
    parser.add_argument("--rows", help="only these rows, such as 2,3", type=_numbers)
    parser.add_argument("--json", help="file for the results", type=Path, default=RESULTS)
    options = parser.parse_args(arguments)
    if options.tiny:
        set_up_stock_client()
    else:
        set_up_measured()
    machine = _machine()
    findings = _measure(Bench(tiny=options.tiny), options.rows)
    machine["load_after"] = round(os.getloadavg()[0], 2)
    print(", ".join(f"{name.replace('_', ' ')} {value}" for name, value in machine.items()), "\n")
    print(markdown(findings))
    _write(options.json, machine, findings)
    return 0


def _numbers(text: str) -> set[int]:
    return set(map(int, text.split(",")))


def _measure(bench: Bench, rows: set[int] | None) -> list[Finding]:
    findings: list[Finding] = []
    for numbers, measure in MEASUREMENTS.items():
        if rows is None or rows & set(numbers):
            started = time.monotonic()
            print(
                f"row {' and '.join(map(str, numbers))} ...", end=" ", file=sys.stderr, flush=True
            )
            findings += measure(bench)
            print(f"{time.monotonic() - started:.0f} s", file=sys.stderr)
    return findings


def _machine() -> dict[str, Any]:
    return {
        "date": dt.datetime.now(dt.UTC).date().isoformat(),
        "processor": f"{os.cpu_count()} x {_processor()}",
        "python": f"Python {platform.python_version()}",
        "system": platform.platform(terse=True),
        "load_before": round(os.getloadavg()[0], 2),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _write(file: Path, machine: dict[str, Any], findings: list[Finding]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    results = {**machine, "findings": [finding.as_json() for finding in findings]}
    file.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
