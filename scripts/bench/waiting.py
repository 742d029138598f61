"""Row 9: 200 restore jobs that finish over ten minutes: waited for together, and one by one.

It runs on an emulated clock, so that it takes seconds. It prints the requests, and how late a job's
end was noticed.
"""

import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from attrs import field, frozen

from pinecone_control import Pinecone, RestoreJob
from pinecone_control.emulator import Emulator, ManualClock
from scripts.bench.rounds import Bench, Spread
from scripts.bench.table import Finding

JOBS: Final = 200
MINUTES: Final = 10
SINGLE_INTERVAL: Final = 5.0


@frozen
class Scene:
    """A project with restore jobs that all started at one time and end at different times."""

    emulator: Emulator
    client: Pinecone
    ids: list[str]
    delays: dict[str, timedelta] = field(factory=dict)

    def note(self, job: RestoreJob) -> None:
        if job.completed_at is not None:
            now = timedelta(seconds=self.emulator.clock.time())
            ended = timedelta(seconds=job.completed_at.timestamp())
            self.delays[job.restore_job_id] = now - ended


def scene(count: int) -> Scene:
    """Return `count` jobs, the last of which ends after ten minutes."""
    clock = ManualClock()
    emulator = Emulator(seed=1, clock=clock)
    client = Pinecone("k", "http://emulator", transport=emulator.transport(), clock=clock)
    client.create_index(
        "docs", spec={"serverless": {"cloud": "aws", "region": "us-east-1"}}, dimension=3, wait=True
    )
    backup = client.create_backup("docs", wait=True)
    for number in range(count):
        emulator.plan("restore_job", seconds=60 * MINUTES * (number + 1) / count)
        client.create_index_from_backup(backup.backup_id, name=f"restored-{number}")
    ids = [job.restore_job_id for job in client.list_restore_jobs()]
    emulator.requests.clear()
    return Scene(emulator, client, ids)


def together(count: int) -> tuple[int, float]:
    """Wait for all together; return the number of requests and the longest delay in seconds."""
    here = scene(count)
    with here.emulator, here.client:
        here.client.wait_for_restore_jobs(here.ids, on_update=here.note)
        return len(here.emulator.requests), _longest(here)


def one_by_one(count: int, tell: Callable[[str], None]) -> tuple[int, float]:
    """Wait for each job alone from the same time on, like `count` concurrent waiters."""
    requests, longest = 0, 0.0
    for number in range(count):
        here = scene(count)
        with here.emulator, here.client:
            here.client.wait_for_restore_job(
                here.ids[number], poll_interval=SINGLE_INTERVAL, on_update=here.note
            )
            requests += len(here.emulator.requests)
            longest = max(longest, _longest(here))
        tell(f"\rone by one: {number + 1} of {count}")
    tell("\n")
    return requests, longest


def measure(bench: Bench) -> list[Finding]:
    """Wait in both ways, once: emulated time has no noise."""
    count = bench.size(JOBS, 3)
    many, many_delay = together(count)
    single, single_delay = one_by_one(count, lambda _: None)
    work = f"wait for {count} restore jobs that end over {MINUTES} minutes (emulated time)"
    each = f"one waiter each, every {SINGLE_INTERVAL:g} s"
    return [
        Finding(9, work, f"requests / {each}", Spread((many / single,)), limit=0.05),
        Finding(9, work, "noticed after", Spread((many_delay,)), limit=5.0, unit=" s"),
        Finding(9, work, f"noticed after, {each}", Spread((single_delay,)), unit=" s"),
    ]


def _longest(here: Scene) -> float:
    return max(delay.total_seconds() for delay in here.delays.values())


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else JOBS
    many, many_delay = together(count)
    single, single_delay = one_by_one(count, lambda text: print(text, end="", file=sys.stderr))
    print(f"{count} restore jobs that end over {MINUTES} minutes (emulated time)")
    print(f"  wait_for_restore_jobs:        {many:6} requests, noticed within {many_delay:.1f} s")
    print(f"  one waiter each, every {SINGLE_INTERVAL:g} s:   {single:6} requests, ", end="")
    print(f"noticed within {single_delay:.1f} s")
    print(f"  ratio of requests: {many / single:.4f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
