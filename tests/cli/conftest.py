"""Each test has an emulator of its own on a real socket, and a shell that knows of it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from pinecone_control import Pinecone
from pinecone_control.emulator import Emulator, EmulatorClock
from tests.cli.backup_data import made_backup, made_index
from tests.cli.shell import Shell

KEY = "key-of-the-project-of-the-test"


@pytest.fixture
def speed() -> float:
    """How fast emulated time goes; at 0, only a test's `advance` moves it."""
    return 20


@pytest.fixture
def emulator(speed: float) -> Iterator[Emulator]:
    with Emulator(seed="cli", clock=EmulatorClock(speed=speed)) as emulator:
        yield emulator


@pytest.fixture
def url(emulator: Emulator) -> Iterator[str]:
    with emulator.serve() as serving:
        yield serving.url


@pytest.fixture
def outside(tmp_path: Path) -> Shell:
    """A shell without any settings."""
    return Shell(
        {
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "XDG_CONFIG_HOME": str(tmp_path / "config"),
            "LANG": "C.UTF-8",
            "TZ": "UTC",
        }
    )


@pytest.fixture
def shell(outside: Shell, url: str) -> Shell:
    """A shell that is set up for the emulator."""
    settings = {"PINECONE_CONTROLLER_HOST": url, "PINECONE_API_KEY": KEY}
    return Shell({**outside.environment, **settings})


@pytest.fixture
def pc(emulator: Emulator) -> Iterator[Pinecone]:
    """A client of the same project, without a socket between."""
    with Pinecone(
        api_key=KEY, host="http://emulator", transport=emulator.transport(), clock=emulator.clock
    ) as pc:
        yield pc


@pytest.fixture
def movies(pc: Pinecone) -> str:
    """The id of a ready backup, named nightly, of an index named movies."""
    made_index(pc, "movies", tags={"team": "search"})
    return made_backup(pc, "movies", "nightly")
