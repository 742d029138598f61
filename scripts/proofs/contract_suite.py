"""All contract tests of this project: `make contract`.

    python -m scripts.proofs.contract_suite [PART ...]

    facade      the facade's whole suite, with every request and response checked, and its coverage
    examples    every example of the contract, through the models and back
    properties  requests and responses drawn from the schemas of each operation, in both directions
    prism       an independent validator between our client and our emulator (needs npm)

The exit status is 0 if every part passes.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from typing import TYPE_CHECKING, Final

from scripts.project import BUILD, ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence

REPORT: Final = BUILD / "contract" / "coverage.json"
LEAST_PERCENT: Final = 90
_PYTEST: Final = ("-m", "pytest", "-q", "-n", "2")

PARTS: Final[dict[str, tuple[str, ...]]] = {
    "facade": (
        *_PYTEST,
        *("-p", "tests.contract.off_contract"),
        f"--pinecone-contract-report={REPORT}",
        f"--pinecone-contract-fail-under={LEAST_PERCENT}",
        *("tests/client", "tests/proofs", "tests/contract/test_every_status.py"),
    ),
    "examples": (*_PYTEST, "tests/generate/test_models.py", "-k", "example"),
    "properties": (*_PYTEST, "tests/contract/test_contract_properties.py"),
    "prism": ("-m", "scripts.proofs.prism"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the parts; return the number of failed ones."""
    parser = argparse.ArgumentParser(prog="contract-suite", description=__doc__.partition("\n")[0])
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    chosen = parser.parse_args(arguments).parts or list(PARTS)
    if unknown := sorted(set(chosen) - PARTS.keys()):
        parser.error(f"no such part: {', '.join(unknown)}")
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    broken = []
    for part in chosen:
        print(f"--- {part}", flush=True)
        done = subprocess.run([sys.executable, *PARTS[part]], cwd=ROOT, check=False)
        if done.returncode != 0:
            broken.append(part)
    print(f"--- failed: {', '.join(broken)}" if broken else "--- all parts passed")
    return len(broken)


if __name__ == "__main__":
    sys.exit(main())
