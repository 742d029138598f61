"""Go through all restore jobs with this client; print its peak memory and how its speed holds."""

import json
import resource
import sys
import time
from pathlib import Path

from pinecone_control import Pinecone


def peak() -> float:
    """Return the most memory that this process ever had, in MiB.

    Linux hands `ru_maxrss` of the process that started this one on to it (measured), so that a
    large parent would hide everything; the peak of `/proc` is this program's own.
    """
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text("utf-8").partition("VmHWM:")[2].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2  # bytes, on macOS


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
