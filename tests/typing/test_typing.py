"""What users write is checked as strictly as they may check it, with two checkers."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.journey

HERE = Path(__file__).parent
ROOT = HERE.parent.parent


def mypy_lines(file: Path) -> set[int]:
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--no-error-summary",
        "--hide-error-context",
    ]
    found = subprocess.run(
        [*command, f"--config-file={ROOT / 'pyproject.toml'}", str(file)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode in (0, 1), found.stdout + found.stderr
    name = file.relative_to(ROOT).as_posix()
    return {int(line) for line in re.findall(rf"^{name}:(\d+): error", found.stdout, re.MULTILINE)}


def pyright_lines(file: Path) -> set[int]:
    found = subprocess.run(
        [sys.executable, "-m", "basedpyright", "--outputjson", "--level", "error", str(file)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode in (0, 1), found.stdout + found.stderr
    report = json.loads(found.stdout)
    assert report["summary"]["filesAnalyzed"] == 1
    return {each["range"]["start"]["line"] + 1 for each in report["generalDiagnostics"]}


CHECKERS = pytest.mark.parametrize(
    "refused_lines", [mypy_lines, pyright_lines], ids=["mypy", "basedpyright"]
)


@CHECKERS
def test_every_method_can_be_used_as_documented(refused_lines: Callable[[Path], set[int]]) -> None:
    assert refused_lines(HERE / "accepted.py") == set()


@CHECKERS
def test_every_wrong_use_is_refused_and_nothing_else(
    refused_lines: Callable[[Path], set[int]],
) -> None:
    lines = (HERE / "refused.py").read_text().splitlines()
    wrong = {number for number, line in enumerate(lines, 1) if line.endswith("# wrong")}
    assert refused_lines(HERE / "refused.py") == wrong
