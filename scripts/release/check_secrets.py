"""Fail if a secret was added: `make secrets`. Known test keys are in `.secrets.baseline`.

    python -m scripts.release.check_secrets

The files in git's index are checked. In a folder without git, such as one that
`make spec-update OUT=dir` writes, all files are checked that `.gitignore` does not exclude.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from scripts.project import ROOT

_HOOK: Final = (Path(sys.executable).parent / "detect-secrets-hook", "--baseline")
_BASELINE: Final = ".secrets.baseline"
_LINES_MOVED: Final = 3
"""The exit code of the hook if it only updated line numbers in the baseline."""


def main() -> int:
    """Run the check; return its exit code."""
    if (ROOT / ".git").exists():
        return _run_hook(dict(os.environ), "--cached")
    with tempfile.TemporaryDirectory(prefix="pinecone-control-") as folder:
        subprocess.run(["git", "init", "--quiet", "--bare", folder], check=True)
        environment = {**os.environ, "GIT_DIR": folder, "GIT_WORK_TREE": str(ROOT)}
        code = _run_hook(environment, "--others", "--exclude-standard")
    return 0 if code == _LINES_MOVED else code


def _run_hook(environment: dict[str, str], *which: str) -> int:
    command = ["git", "ls-files", "-z", *which]
    listed = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    files = listed.stdout.decode().rstrip("\0").split("\0")
    hook = [*map(str, _HOOK), _BASELINE, *files]
    return subprocess.run(hook, cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
