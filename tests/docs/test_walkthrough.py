"""The commands of the README, typed in order, print what docs/walkthrough.md shows.

`UPDATE_WALKTHROUGH=1 pytest tests/docs/test_walkthrough.py` writes docs/walkthrough.md anew.
"""

import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby

import pytest

from scripts.project import free_port
from tests.docs.blocks import ROOT, blocks_of
from tests.docs.conftest import PATIENCE, Machine

pytestmark = pytest.mark.journey

TRANSCRIPT = ROOT / "docs" / "walkthrough.md"
HOST = "PINECONE_CONTROLLER_HOST=http://127.0.0.1"
TITLE = """\
# A walkthrough

This page shows the commands of the README's
[five minutes in a terminal](../README.md#five-minutes-in-a-terminal) and the output that they write
to a pipe. On a terminal there are also colours and progress bars, and ids are shortened.
`UPDATE_WALKTHROUGH=1 pytest tests/docs/test_walkthrough.py` writes this page. Without the variable,
the test runs the commands and compares their output with this page, except for ids, times and
amounts.

<!-- not run here: tests/docs/test_walkthrough.py runs it -->
```console
{}```
"""
# What is different in every walk.
CHANGING = [
    (r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "<id>"),
    (r"\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)", "<time>"),
    (r"[\d,.]+ ([kMGT]?B)\b", "<size>"),
    (r"\b(just now|now|\d+ \w+ ago)", "<when>"),
    (r"\d[\d,.]*", "<number>"),
    (r" +", " "),
]


def test_the_walk_of_the_readme_goes_as_its_transcript_says(outside: Machine) -> None:
    [[serve], commands] = walked()
    port = free_port()
    with running(outside, f"{serve} --port {port}"):
        said = outside.run("bash", "-c", script(commands, port))
    if "UPDATE_WALKTHROUGH" in os.environ:
        TRANSCRIPT.write_text(TITLE.format(said), "utf-8")
    [kept] = blocks_of(TRANSCRIPT)
    assert masked(said) == masked(kept.text)


def walked() -> list[list[str]]:
    """The commands of the README for the first terminal, and those for the second."""
    return [
        block.commands()
        for block in blocks_of(ROOT / "README.md")
        if "test_walkthrough" in block.not_run
    ]


def script(commands: list[str], port: int) -> str:
    """Commands as bash runs them in a row, each shown before its output."""
    shown = (f"printf '%s\\n' {shlex.quote(f'$ {command}')}\n{command}" for command in commands)
    here, there = f"\nexport {HOST}:{port} ", f"\nexport {HOST}:5080 "
    return "\n".join(["set -e", *shown]).replace(there, here)


@contextmanager
def running(machine: Machine, command: str) -> Iterator[None]:
    """Have a server run until the block ends; begin when it says that it is there."""
    with subprocess.Popen(
        shlex.split(command),
        cwd=machine.folder,
        env=machine.environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            assert "Emulator on" in process.stdout.readline()
            yield
        finally:
            process.terminate()
            process.wait(PATIENCE)


def masked(transcript: str) -> list[str]:
    """The lines of a transcript without what changes; reports of progress count once."""
    for pattern, word in CHANGING:
        transcript = re.sub(pattern, word, transcript)
    return [line for line, _ in groupby(transcript.splitlines())]
