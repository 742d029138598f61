"""`make spec-watch`: whether the published contract is the pinned one, and what changed if not."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.spec import changed
from tests.spec.changed import planted_in
from tests.support.contracts import FROZEN, FROZEN_PIN

pytestmark = pytest.mark.journey

ROOT = Path(__file__).parents[2]


def spec_watch(source: Path, pin: Path = FROZEN_PIN) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "scripts.spec.watch", str(source), "--pin", str(pin)]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )


def test_a_file_of_the_recorded_digest_is_no_change(tmp_path: Path) -> None:
    source = tmp_path / "upstream.yaml"
    source.write_bytes(FROZEN.read_bytes())
    (tmp_path / FROZEN.name).write_bytes(FROZEN.read_bytes())
    digest = subprocess.run(
        ["sha256sum", FROZEN], capture_output=True, text=True, check=True
    ).stdout.split()[0]
    recorded = FROZEN_PIN.read_text().replace(FROZEN_PIN.read_text().split('"')[-2], digest)
    (tmp_path / "pin.toml").write_text(recorded)
    done = spec_watch(source, tmp_path / "pin.toml")
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{source} is the pinned contract: sha256 {digest}\n"


def test_a_change_fails_and_is_reported_as_markdown(tmp_path: Path) -> None:
    source = planted_in(tmp_path, changed.removed_operation, changed.refusal_added)
    done = spec_watch(source)
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert lines[0] == "# The published contract 2025-04 changed"
    assert "| rating | change | why | where | touches |" in lines
    assert any(line.startswith("| breaking | the operation describe_restore_job") for line in lines)
    assert lines[-1] == f"To update: `make spec-update NEW={source}`"


def test_another_edition_of_equal_structure_fails_and_says_so() -> None:
    done = spec_watch(FROZEN)
    assert done.returncode == 1
    assert done.stdout.endswith("only texts changed.\n")


def test_a_source_that_cannot_be_read_is_one_line(tmp_path: Path) -> None:
    done = spec_watch(tmp_path / "absent.yaml")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines() == [f"spec-watch: {tmp_path}/absent.yaml: not found"]
