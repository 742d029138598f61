"""A control plane as the guides take it for granted, and a shell that knows of it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from attrs import frozen

from pinecone_control.emulator import Emulator, ScaledClock
from tests.docs.blocks import ROOT

KEY = "key-of-the-guides"
SPEED = 60
PATIENCE = 180.0


@frozen
class Machine:
    """Runs programs in a folder of its own, with an environment of its own."""

    folder: Path
    environment: dict[str, str]

    def run(self, *words: str | Path) -> str:
        """Run a program to its end; its output. It must end well."""
        done = subprocess.run(
            [str(word) for word in words],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout


@pytest.fixture
def outside(tmp_path: Path) -> Machine:
    """A machine that has the project installed and no settings."""
    environment = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "default",
        "LANG": "C.UTF-8",
        "TZ": "UTC",
    }
    return Machine(tmp_path, environment)


@pytest.fixture
def machine(outside: Machine) -> Iterator[Machine]:
    """The same, set up for an emulator with sample data; a minute is a second.

    The guides speak of what the sample has: `movies`, its backups, restore jobs.
    """
    with Emulator(clock=ScaledClock(SPEED), seed="docs") as emulator, emulator.serve() as serving:
        emulator.seed("demo")
        settings = {"PINECONE_CONTROLLER_HOST": serving.url, "PINECONE_API_KEY": KEY}
        yield Machine(outside.folder, outside.environment | settings)
