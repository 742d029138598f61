"""Row 11: generating the low-level client."""

import subprocess
import sys
import tempfile
import time

from scripts.bench.rounds import Bench, Cost, take_turns
from scripts.bench.table import Finding
from scripts.peers import variables
from scripts.project import ROOT


def measure(bench: Bench) -> list[Finding]:
    """Measure the generation into another directory, which is the same work."""
    results = take_turns({"ours": _generate}, bench.size(3, 1))
    spread = results["ours"]["wall"]
    return [Finding(11, "make generate", "time", spread, limit=5.0, unit=" s")]


def _generate() -> Cost:
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "scripts.generate.client", "--out", folder],
            cwd=ROOT,
            env=variables(),
            stdout=subprocess.DEVNULL,
            check=True,
        )
        return {"wall": time.perf_counter() - started}
