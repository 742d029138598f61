"""Iterate all restore jobs with this client; print peak memory and speed."""

import json
import resource
import sys
import time
from pathlib import Path

from pinecone_control import Pinecone


def peak() -> float:
    """Return the peak memory of this process, in MiB.

    On Linux a process inherits `ru_maxrss` of its parent (measured), so that a large parent would
    hide everything; the peak in `/proc` is this program's own.
    """
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text("utf-8").partition("VmHWM:")[2].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2  # in bytes on macOS


def main(host: str, jobs: str, part: str, keep: str) -> None:
    size, number, times, kept = int(part), 0, [time.process_time()], []
    for number, job in enumerate(Pinecone(f"jobs-{jobs}", host).list_restore_jobs(), start=1):
        if keep == "keep":
            kept.append(job)
        if number % size == 0:
            times.append(time.process_time())
    first, last = times[1] - times[0], times[-1] - times[-2]
    print(json.dumps({"peak": peak(), "first": first, "last": last, "items": number}))


main(*sys.argv[1:])
