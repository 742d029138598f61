"""What a piece of work costs. Standard library alone: every environment can import it."""

import json
import time
from collections.abc import Callable


def report(work: Callable[[], int], *, times: int = 1) -> None:
    """Do the work `times` times; print seconds of CPU, seconds, and how many items came out."""
    wall, cpu = time.perf_counter(), time.process_time()
    items = sum(work() for _ in range(times))
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    print(json.dumps({"cpu": cpu, "wall": wall, "items": items}))
