"""Every code block of README and guides does what it says: each is run, on the emulator."""

import json
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.docs.blocks import GUIDES, ROOT, Block, blocks_of
from tests.docs.conftest import Machine

pytestmark = pytest.mark.journey

READERS: dict[str, Callable[[str], Any]] = {
    "json": json.loads,
    "toml": tomllib.loads,
    "yaml": yaml.safe_load,
}
DRAWINGS = {"", "text"}
SCHEDULES = {"sh", "crontab", "ini"}  # tests/cli/test_scheduling.py runs or reads them
LANGUAGES = {"python", "console", *READERS, *DRAWINGS, *SCHEDULES}

# Blocks that are not run, by file. Why is said in a comment before each.
NOT_RUN = {
    "README.md": 5,
    "contract-testing.md": 1,
    "models.md": 2,
    "performance.md": 2,
    "testing.md": 2,
    "walkthrough.md": 1,
}

# Guides with a program that needs the contract of one API version.
VERSION = {"contract-testing.md": "2025-04"}

BLOCKS = [block for path in GUIDES for block in blocks_of(path)]


def named(path: Path) -> str:
    return path.name


def in_files(wanted: Callable[[Block], bool]) -> list[Path]:
    """The files that have such blocks."""
    return list(dict.fromkeys(block.path for block in BLOCKS if is_run(block) and wanted(block)))


def is_run(block: Block) -> bool:
    return not block.not_run


def is_program(block: Block) -> bool:
    return block.language == "python" and not block.is_test and not block.file_name


def is_typed(block: Block) -> bool:
    return block.language == "console"


def marked(path: Path) -> Any:
    version = VERSION.get(path.name)
    return pytest.param(path, marks=pytest.mark.api_version(version)) if version else path


@pytest.mark.parametrize("path", [marked(each) for each in in_files(is_program)], ids=named)
def test_python_of_a_guide_runs_from_top_to_bottom(path: Path, machine: Machine) -> None:
    machine.run(sys.executable, "-m", "tests.docs.run_blocks", path)


def test_python_of_the_readme_runs_a_second_time(machine: Machine) -> None:
    for _ in range(2):
        machine.run(sys.executable, "-m", "tests.docs.run_blocks", ROOT / "README.md")


@pytest.mark.parametrize("path", in_files(lambda block: block.is_test), ids=named)
def test_tests_that_a_guide_shows_pass(path: Path, outside: Machine) -> None:
    for block in blocks_of(path):
        if is_run(block) and (block.is_test or block.file_name):
            name = block.file_name or f"test_line_{block.line}.py"
            (outside.folder / name).write_text(block.text, "utf-8")
    said = outside.run(sys.executable, "-m", "pytest", "-q", "-W", "error", outside.folder)
    assert " passed" in said


@pytest.mark.parametrize("path", in_files(is_typed), ids=named)
def test_commands_of_a_guide_end_well(path: Path, machine: Machine) -> None:
    blocks = [block for block in blocks_of(path) if is_run(block) and is_typed(block)]
    script = machine.folder / "typed.sh"
    script.write_text("\n".join(["set -ex", *(_script(block) for block in blocks)]), "utf-8")
    machine.run("bash", script)


def test_data_of_a_guide_can_be_read() -> None:
    for block in BLOCKS:
        if is_run(block) and block.language in READERS:
            assert READERS[block.language](block.text), block.name


def test_every_block_says_what_it_is() -> None:
    assert [block.name for block in BLOCKS if block.language not in LANGUAGES] == []


def test_every_console_block_has_something_typed() -> None:
    assert [block.name for block in BLOCKS if is_typed(block) and not block.commands()] == []


def test_blocks_that_are_not_run_are_the_known_ones() -> None:
    not_run = [block.path.name for block in BLOCKS if block.not_run]
    assert {name: not_run.count(name) for name in not_run} == NOT_RUN


def _script(block: Block) -> str:
    return "\n".join([f": {block.name}", block.given, *block.commands()])
