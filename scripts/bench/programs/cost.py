"""Measure a piece of work with the standard library only: every environment can import this."""

import json
import time
from collections.abc import Callable


def report(work: Callable[[], int], *, times: int = 1) -> None:
    """Do the work `times` times; print seconds of CPU, elapsed seconds, and number of items."""
    wall, cpu = time.perf_counter(), time.process_time()
    items = sum(work() for _ in range(times))
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    print(json.dumps({"cpu": cpu, "wall": wall, "items": items}))
