"""Run the whole fault matrix and print it, with the results of the official SDK for comparison."""

import argparse
import os
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from functools import cache
from pathlib import Path

from scripts.proofs import fault_peers
from scripts.proofs.fault_matrix.catalogue import FAULTS
from scripts.proofs.fault_matrix.matrix import Cell, Flavour, Report, cells, run
from scripts.proofs.fault_matrix.pages import PAGE_FAULTS, page_reports

KEPT_FROM = "<!-- written by `make faults` from here on -->"
METHODS = ("reads", "deletes", "writes")
FLAVOURS: tuple[Flavour, ...] = ("sync", "asyncio")
SAMPLED_ON_TRIO = ("list_restore_jobs", "create_backup", "delete_backup", "configure_index")


@cache
def everything() -> list[Cell]:
    """Return all cells, the slow ones first."""
    found = [*cells(FLAVOURS), *cells(("trio",), SAMPLED_ON_TRIO)]
    return sorted(found, key=lambda cell: not cell.fault.is_slow)


def play(workers: int) -> list[Report]:
    """Run all cells, and the listings with inconsistent pages."""
    # Cells mostly wait for a client to give up, so more processes than cores help.
    with ProcessPoolExecutor(workers) as pool:
        numbers = range(len(everything()))
        reports = list(pool.map(_run, numbers, chunksize=8))
    return [*reports, *page_reports((*FLAVOURS, "trio"))]


def _run(number: int) -> Report:
    return run(everything()[number])


def table(reports: Iterable[Report]) -> str:
    """Return a line for each fault: how many cells passed, and how calls ended."""
    by_fault: dict[str, list[Report]] = defaultdict(list)
    for report in reports:
        by_fault[report.fault].append(report)
    names = [*(fault.name for fault in FAULTS), *(fault.name for fault in PAGE_FAULTS)]
    width = max(map(len, names))
    lines = [f"{'fault':{width}}  {'passed':>9}  {'GET':34}{'DELETE':34}POST, PATCH"]
    for name in names:
        of_fault = by_fault[name]
        passed = sum(not report.problems for report in of_fault)
        endings = "".join(f"{_endings(of_fault, method):34}" for method in METHODS)
        lines.append(f"{name:{width}}  {passed:>4}/{len(of_fault):<4}  {endings.rstrip()}")
    return "\n".join(lines)


def _endings(reports: Iterable[Report], method: str) -> str:
    endings = Counter(report.outcome for report in reports if report.method == method)
    return ", ".join(sorted(endings, key=lambda name: (name != "ok", name))) or "-"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=3 * (os.cpu_count() or 1))
    parser.add_argument("--no-peers", action="store_true", help="run our own matrix only")
    parser.add_argument("--keep", type=Path, help="file to write the comparison into")
    options = parser.parse_args()
    reports = play(options.workers)
    print(table(reports))
    failed = [report for report in reports if report.problems]
    for report in failed:
        print(f"\nFAILED {report.cell}", *report.problems, sep="\n    ")
    print(
        f"\ncells passed {len(reports) - len(failed)}/{len(reports)}, "
        f"duplicates made {sum(report.duplicates for report in reports)}, "
        f"foreign exceptions leaked {sum(report.foreign for report in reports)}"
    )
    if not options.no_peers:
        _print_peers(options.keep)
    return 1 if failed else 0


def _print_peers(keep: Path | None) -> None:
    """Print the comparison with the official SDK, where that can be installed."""
    if not fault_peers.available():
        print("\nThe official SDK cannot be installed here: no comparison.")
        return
    comparisons = fault_peers.compare()
    shown = f"{fault_peers.table(comparisons)}\n\n```text\n{fault_peers.sums(comparisons)}\n```\n"
    print(f"\n{shown}")
    if keep is not None:
        before, *_ = keep.read_text("utf-8").split(KEPT_FROM)
        keep.write_text(f"{before}{KEPT_FROM}\n\nMeasured on {date.today()}.\n\n{shown}", "utf-8")  # noqa: DTZ011


if __name__ == "__main__":
    sys.exit(main())
