"""Rows 5 and 6: complete processes, from their start to their first line and to their end."""

import subprocess
import time
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from scripts.bench.rounds import Bench, Cost, Program, Results, prepared_answers, take_turns
from scripts.bench.table import Finding, amounts, ratios
from scripts.environments import PythonEnvironment
from scripts.peers import BARE, OURS, OURS_CLI, SDK_7, SDK_10, variables


def _script(environment: PythonEnvironment, name: str) -> Program:
    """Return a program of `programs/` that is a complete script, as a user would write it."""
    return Program(environment, (str(Path(__file__).parent / "programs" / name),))


SCRIPTS: Final = {
    "ours": _script(OURS, "start_ours.py"),
    "SDK 10.2.0": _script(SDK_10, "start_sdk_10.py"),
    "SDK 7.3.0": _script(SDK_7, "start_sdk_7.py"),
    "httpx": _script(BARE, "start_httpx.py"),
}
COMMANDS: Final = {
    "ours": Program(OURS_CLI, ("-m", "pinecone_control", "restore-jobs", "list", "--host")),
    "httpx": _script(BARE, "start_httpx.py"),
    "httpx beside click and rich": _script(OURS_CLI, "start_httpx.py"),
}
"""httpx imports click and rich where they are installed, so both environments are shown."""


def measure(bench: Bench) -> list[Finding]:
    """Measure the start of scripts, and of the command."""
    with prepared_answers() as host:
        first_job = _in_turns(bench, host, SCRIPTS)
        listing = _in_turns(bench, host, COMMANDS)
    sdks = {"SDK 10.2.0": 0.8, "SDK 7.3.0": None, "httpx": None}
    bare = {"httpx": 1.6, "httpx beside click and rich": None}
    script, command = "script: import, client, first job", "pinecone-control restore-jobs list"
    return [
        *ratios(first_job, "first", sdks, row=5, work=script, figure="time"),
        *amounts(first_job, "first", row=5, work=script, figure="time"),
        *ratios(listing, "whole", bare, row=6, work=command, figure="time"),
        *amounts(listing, "whole", row=6, work=command, figure="time"),
    ]


def _in_turns(bench: Bench, host: str, programs: Mapping[str, Program]) -> Results:
    runs = {
        name: partial(_start, bench.command(program, host))
        for name, program in bench.runnable(programs).items()
    }
    # Run each once before, so that every module is compiled.
    take_turns(runs, 1)
    return take_turns(runs, bench.size(15, 1))


def _start(command: Sequence[str]) -> Cost:
    """Run a program; return the seconds to its first line and to its end."""
    started = time.perf_counter()
    with subprocess.Popen(
        command,
        env={**variables(), "PINECONE_API_KEY": "jobs-100"},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None  # noqa: S101 - for the type checker
        line = process.stdout.readline()
        first = time.perf_counter() - started
        process.stdout.read()
    if process.returncode != 0 or not line:
        raise ValueError(f"{' '.join(command)} ended with {process.returncode}")
    return {"first": first, "whole": time.perf_counter() - started}
