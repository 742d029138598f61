"""Long runs: calls through random faults, and calls that are cancelled at random moments.

`python -m scripts.proofs.soak calls` compares the results of 100,000 calls with the state of the
emulator.
`python -m scripts.proofs.soak cancellations` cancels 10,000 calls on asyncio and as many on trio,
interrupts 20,000 by ctrl-C, and checks that nothing is left behind.
"""

import argparse
import gc
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final

import anyio
from attrs import define, field

from pinecone_control import AsyncPinecone, Pinecone, RetryPolicy, ServerlessSpec
from pinecone_control.emulator import Emulator, Fault, ManualClock
from pinecone_control.errors import CallError
from scripts.proofs.fault_matrix.operations import JOB
from scripts.proofs.fault_matrix.server import Answer, Received, misbehaving

FAULTS: Final = [
    Fault(drop=True, when="before", times=None, probability=0.02),
    Fault(drop=True, when="after", times=None, probability=0.04),
    Fault(truncate=True, times=None, probability=0.03),
    Fault(status=500, when="before", times=None, probability=0.02),
    Fault(status=500, when="after", times=None, probability=0.03),
    Fault(status=503, retry_after=1, times=None, probability=0.03),
    Fault(status=429, times=None, probability=0.03),
    Fault(status=502, body="<html>Bad Gateway</html>", when="after", times=None, probability=0.02),
]


# ----------------------------------------------------------------------------------------- calls


@define
class Tally:
    """The results of the calls, and those that were not true."""

    told: Counter[str] = field(factory=Counter)
    lost: int = 0
    duplicated: int = 0
    foreign: list[str] = field(factory=list)


def soak_calls(calls: int, seed: int = 1) -> Tally:
    """Create, describe and delete backups, and compare with the emulator each time."""
    rng = random.Random(seed)
    clock, tally = ManualClock(), Tally()
    with (
        Emulator(seed=seed, clock=clock) as emulator,
        Pinecone(
            "k",
            "http://e",
            transport=emulator.transport(),
            clock=clock,
            retry=RetryPolicy(budget=1000.0),
        ) as pc,
    ):
        pc.create_index(
            "docs", spec=ServerlessSpec(cloud="aws", region="us-east-1"), dimension=3, wait=True
        )
        for fault in FAULTS:
            emulator.faults.add(fault)
        number = 0
        while tally.told.total() < calls:
            number += 1
            _one_round(pc, emulator, f"backup-{seed}-{number}", tally, rng)
            if number % max(1, calls // 40) == 0:
                print(f"  {tally.told.total():>7,} calls, {_megabytes():.0f} MB, {_files()} files")
    return tally


def _one_round(
    pc: Pinecone, emulator: Emulator, name: str, tally: Tally, rng: random.Random
) -> None:
    """Create a backup, list all, describe and delete it: four calls."""
    emulator.requests.clear()
    made = _told(lambda: pc.create_backup("docs", name=name), "create", tally)
    there = _backups_named(emulator, name)
    if len(there) > 1:
        tally.duplicated += 1
    if made is not None and not there:
        tally.lost += 1
    _told(lambda: pc.list_backups("docs", limit=rng.randint(1, 100)), "list", tally)
    for backup_id in there:
        seen = _told(partial(pc.describe_backup, backup_id), "describe", tally)
        if seen is not None and seen.name != name:
            tally.lost += 1
        ok_before = tally.told["delete: ok"]
        _told(partial(pc.delete_backup, backup_id), "delete", tally)
        if tally.told["delete: ok"] > ok_before and _backups_named(emulator, name):
            tally.lost += 1


def _told(call: Callable[[], Any], kind: str, tally: Tally) -> Any:
    """Return the result of a call, or None after an error, and count it."""
    try:
        answer = call()
    except CallError as error:
        doubt = ", outcome unknown" if error.outcome_unknown else ""
        tally.told[f"{kind}: {type(error).__name__}{doubt}"] += 1
        return None
    except Exception as error:  # noqa: BLE001 - foreign exceptions are what is counted
        tally.foreign.append(repr(error))
        return None
    tally.told[f"{kind}: ok"] += 1
    return answer


def _backups_named(emulator: Emulator, name: str) -> list[str]:
    """Return the emulator's backups, without its faults."""
    waiting = emulator.faults.waiting()
    emulator.faults.clear()
    try:
        with Pinecone("k", "http://e", transport=emulator.transport(), clock=emulator.clock) as pc:
            return [each.backup_id for each in pc.list_backups("docs") if each.name == name]
    finally:
        for fault in waiting:
            emulator.faults.add(fault)


# --------------------------------------------------------------------------------- cancellations


def _echo(received: Received, _: int) -> Answer:
    """Respond with the requested job, so that a mixed-up response would be noticed."""
    return Answer(body={**JOB, "restore_job_id": received.path.rpartition("/")[2]})


async def _cancel_some(
    pc: AsyncPinecone, worker: int, calls: int, counts: Counter[str], patience: float
) -> None:
    rng = random.Random(worker)
    for number in range(calls):
        asked = f"job-{worker}-{number}"
        with anyio.move_on_after(rng.expovariate(1 / patience)) as scope:
            job = await pc.describe_restore_job(asked)
            counts["answered" if job.restore_job_id == asked else "mixed up"] += 1
        counts["cancelled"] += scope.cancelled_caught


async def cancel_many(url: str, cancellations: int, workers: int = 4) -> Counter[str]:
    """Cancel a number of calls at random moments, then check that the client still works."""
    counts: Counter[str] = Counter()
    async with AsyncPinecone("k", url) as pc:
        started = time.monotonic()
        for number in range(200):
            await pc.describe_restore_job(f"before-{number}")
        # About the duration of a call, so that some complete and others do not.
        patience = (time.monotonic() - started) / 200 * workers
        while counts["cancelled"] < cancellations:
            async with anyio.create_task_group() as group:
                for worker in range(workers):
                    group.start_soon(_cancel_some, pc, worker, 50, counts, patience)
        for number in range(1000):
            job = await pc.describe_restore_job(f"after-{number}")
            counts["fine afterwards"] += job.restore_job_id == f"after-{number}"
    return counts


def interrupt_many(url: str, interruptions: int) -> Counter[str]:
    """Do the same with ctrl-C and the synchronous client."""
    rng, counts = random.Random(1), Counter[str]()
    with Pinecone("k", url) as pc, _interrupts() as interrupt_in:
        while counts["cancelled"] < interruptions:
            asked = f"job-{counts.total()}"
            try:
                interrupt_in(rng.uniform(0.0002, 0.006))
                job = pc.describe_restore_job(asked)
                interrupt_in(0)
                counts["answered" if job.restore_job_id == asked else "mixed up"] += 1
            except KeyboardInterrupt:
                counts["cancelled"] += 1
        for number in range(1000):
            job = pc.describe_restore_job(f"after-{number}")
            counts["fine afterwards"] += job.restore_job_id == f"after-{number}"
    return counts


@contextmanager
def _interrupts() -> Iterator[Callable[[float], object]]:
    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    try:
        yield lambda seconds: signal.setitimer(signal.ITIMER_REAL, seconds)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def soak_cancellations(cancellations: int) -> bool:
    """Cancel calls on asyncio and trio, and interrupt some; return whether all went well."""
    is_well = True
    with misbehaving(_echo) as server:
        server.listen()
        runs: dict[str, Callable[[], Counter[str]]] = {
            "asyncio": lambda: anyio.run(cancel_many, server.url, cancellations),
            "trio": lambda: anyio.run(cancel_many, server.url, cancellations, backend="trio"),
            "ctrl-C": lambda: interrupt_many(server.url, 2 * cancellations),
        }
        for name, run in runs.items():
            files = _files()
            counts = run()
            gc.collect()
            server.wait_until_at_most(0)
            left = _files() - files
            print(f"  {name}: {dict(counts)}, sockets left: {left}, at the server: {server.open}")
            is_well &= counts["mixed up"] == 0 and counts["fine afterwards"] == 1000
            is_well &= left <= 0 and server.open == 0
    return is_well


# --------------------------------------------------------------------------------------- common


def _megabytes() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _files() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("what", choices=["calls", "cancellations"])
    parser.add_argument("--count", type=int)
    options = parser.parse_args()
    started = time.monotonic()
    if options.what == "cancellations":
        is_well = soak_cancellations(options.count or 10_000)
    else:
        tally = soak_calls(options.count or 100_000)
        for outcome, times in sorted(tally.told.items()):
            print(f"  {times:>7,} {outcome}")
        print(
            f"  {sum(tally.told.values()):,} calls: {tally.lost} lost, {tally.duplicated} "
            f"duplicated, {len(tally.foreign)} foreign exceptions {tally.foreign[:3]}"
        )
        is_well = not (tally.lost or tally.duplicated or tally.foreign)
    print(f"  {'passed' if is_well else 'FAILED'}, ", end="")
    print(f"{time.monotonic() - started:.0f} s")
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main())
