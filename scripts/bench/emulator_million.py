"""Measure whether the last page of a million restore jobs costs more than the first.

``python -m scripts.bench.emulator_million [JOBS]`` prints the ratio of the costs, and how much the
process grows while a client lists all pages. Both come from one run on one machine; the
times alone mean little. It takes about two minutes.
"""

import base64
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pinecone_control.emulator import Emulator, ManualClock
from pinecone_control.emulator.api.http_messages import Request

JOBS: Final = 1_000_000
PAGE: Final = 100
ROUNDS: Final = 500
KEY: Final = "million"
MEBIBYTE: Final = 1024 * 1024


def main() -> int:
    """Measure and print; the exit status is 1 if jobs are missing."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else JOBS
    with (
        tempfile.TemporaryDirectory() as folder,
        Emulator(Path(folder, "emulator.db"), clock=ManualClock(), seed=1) as emulator,
    ):
        empty = resident()
        began = time.perf_counter()
        emulator.seed("demo", restore_jobs=count, api_key=KEY)
        size = sum(file.stat().st_size for file in Path(folder).iterdir())
        print(f"{count:,} restore jobs created in {time.perf_counter() - began:.0f} s,", end=" ")
        print(f"{size / MEBIBYTE:.0f} MiB on the disk")
        front, end = costs(emulator, ["", token(max(count - PAGE, 0))])
        print(
            f"a page of {PAGE} at the front: {front * 1e6:.0f} us, at the end: {end * 1e6:.0f} us"
        )
        print(f"cost of a page, end : front = {end / front:.2f}")

        # The first pass also fills the request log, whose size is bounded.
        first = sum(pages(emulator))
        before = resident()
        second = sum(pages(emulator))
        growth = (resident() - before) / MEBIBYTE
        print(f"process: {empty / MEBIBYTE:.0f} MiB without jobs, {before / MEBIBYTE:.0f} MiB once")
        print(f"all {first:,} were listed, {growth:+.1f} MiB when they were listed again")
    return int({first, second} != {count})


def costs(emulator: Emulator, tokens: list[str]) -> list[float]:
    """Return the median seconds of a page for each token, measured alternately."""
    times: list[list[float]] = [[] for _ in tokens]
    for _ in range(ROUNDS):
        for taken, each in zip(times, tokens, strict=True):
            began = time.perf_counter()
            answer(emulator, each)
            taken.append(time.perf_counter() - began)
    return [statistics.median(taken) for taken in times]


def pages(emulator: Emulator) -> Iterator[int]:
    """Yield the number of jobs of each page, following the tokens to the end."""
    following: str | None = ""
    while following is not None:
        page = json.loads(answer(emulator, following))
        yield len(page["data"])
        following = page["pagination"] and page["pagination"]["next"]


def answer(emulator: Emulator, page_token: str) -> bytes:
    """Return the body of one page."""
    query = f"paginationToken={page_token}" if page_token else f"limit={PAGE}"
    request = Request("GET", "/restore-jobs", query, {"api-key": KEY}, b"")
    return emulator.handle(request).body


def token(offset: int) -> str:
    """Return the token of the page that begins at an offset."""
    return base64.b64encode(json.dumps({"limit": PAGE, "offset": offset}).encode()).decode()


def resident() -> int:
    """Return the resident memory of this process in bytes."""
    with Path("/proc/self/statm").open(encoding="ascii") as status:
        return int(status.read().split()[1]) * 4096


if __name__ == "__main__":
    sys.exit(main())
