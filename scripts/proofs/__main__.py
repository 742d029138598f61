"""Run the long proofs at full size, one after another; each one's output goes into a file.

    python -m scripts.proofs [faults soak ...]

The exit status is 1 if one of them fails.
"""

import subprocess
import sys
import time
from typing import Final

from scripts.project import BUILD, ROOT

FOLDER: Final = BUILD / "proofs"
PROOFS: Final = (
    "faults",
    "outage",
    "soak",
    "fuzz",
    "fuzz-emulator",
    "load-emulator",
    "test-crash",
    "contract",
    "any-contract",
    "test-peers",
    "test-ecosystem",
    "check-versions",
)
"""Names of the proofs, which are targets of the Makefile."""
_LAST_LINES: Final = 3


def main() -> int:
    """Run the proofs that the command line names, or all; return the exit status."""
    proofs = sys.argv[1:] or PROOFS
    if unknown := set(proofs) - set(PROOFS):
        sys.exit(f"no proof is called {', '.join(sorted(unknown))}. There are: {', '.join(PROOFS)}")
    FOLDER.mkdir(parents=True, exist_ok=True)
    failed = [proof for proof in proofs if not _holds(proof)]
    print(f"failed: {', '.join(failed)}" if failed else "all of them passed")
    return int(bool(failed))


def _holds(proof: str) -> bool:
    """Run one proof and print its result; return whether it passed."""
    log = FOLDER / f"{proof}.log"
    print(f"{proof} ...", flush=True)
    started = time.monotonic()
    with log.open("w", encoding="utf-8") as output:
        done = subprocess.run(
            ["make", "--no-print-directory", proof],
            cwd=ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    ended = "FAILED" if done.returncode else "passed"
    print(f"{proof} {ended} in {time.monotonic() - started:.0f} s; see {log.relative_to(ROOT)}")
    last = log.read_text("utf-8", "replace").splitlines()[-_LAST_LINES:]
    print(*(f"    {line}" for line in last), sep="\n", flush=True)
    return not done.returncode


if __name__ == "__main__":
    sys.exit(main())
