"""The workflows of GitHub Actions: valid, and made of what a contributor can run."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from scripts.project import ROOT
from scripts.release.check_versions import supported_pythons
from tests.docs.test_make_targets import targets

pytestmark = pytest.mark.journey

WORKFLOWS = ROOT / ".github" / "workflows"


def workflow(name: str) -> dict[str, Any]:
    stated: dict[str, Any] = yaml.safe_load((WORKFLOWS / f"{name}.yml").read_text("utf-8"))
    return stated


def test_the_linter_finds_nothing() -> None:
    places = (str(Path(sys.executable).parent), os.environ.get("PATH", ""))
    linter = shutil.which("actionlint", path=os.pathsep.join(places))
    assert linter is not None
    files = map(str, WORKFLOWS.glob("*.yml"))
    done = subprocess.run([linter, *files], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_all_supported_pythons_are_checked() -> None:
    checked = workflow("ci")["jobs"]["check"]["strategy"]["matrix"]["python"]
    assert checked == supported_pythons()
    assert {"run": "make check PYTHON=python"} in workflow("ci")["jobs"]["check"]["steps"]


def test_what_is_published_was_checked_and_no_token_is_stored() -> None:
    jobs = workflow("release")["jobs"]
    assert {"run": "make check PYTHON=python"} in jobs["build"]["steps"]
    assert jobs["publish"]["needs"] == "build"
    assert jobs["publish"]["permissions"] == {"id-token": "write"}
    assert "secrets." not in (WORKFLOWS / "release.yml").read_text("utf-8")


@pytest.mark.parametrize("path", sorted(WORKFLOWS.glob("*.yml")), ids=lambda path: path.stem)
def test_every_make_target_of_a_workflow_exists(path: Path) -> None:
    assert set(re.findall(r"make ([a-z-]+)", path.read_text("utf-8"))) <= targets()
