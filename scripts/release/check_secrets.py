"""Fails if a secret was added: `make secrets`. Known test keys are in `.secrets.baseline`.

    python -m scripts.release.check_secrets

Checked are the files that git knows. In a tree without git, such as `make spec-update OUT=dir`
writes, these are all that `.gitignore` does not exclude.
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
"""The exit code that asks to commit the baseline, in which line numbers were brought up to date."""


def main() -> int:
    """Run the check; returns its exit code."""
    if (ROOT / ".git").exists():
        return _checked(dict(os.environ), "--cached")
    with tempfile.TemporaryDirectory(prefix="pinecone-control-") as folder:
        subprocess.run(["git", "init", "--quiet", "--bare", folder], check=True)
        environment = {**os.environ, "GIT_DIR": folder, "GIT_WORK_TREE": str(ROOT)}
        code = _checked(environment, "--others", "--exclude-standard")
    return 0 if code == _LINES_MOVED else code


def _checked(environment: dict[str, str], *which: str) -> int:
    command = ["git", "ls-files", "-z", *which]
    listed = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    files = listed.stdout.decode().rstrip("\0").split("\0")
    hook = [*map(str, _HOOK), _BASELINE, *files]
    return subprocess.run(hook, cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
