"""pytest fixtures: a new emulator for each test, and clients of it.

A test of a restore that takes ten minutes::

    def test_restore(pinecone_emulator, pinecone_client):
        pinecone_emulator.plan("restore_job", seconds=600)
        ...

An app that creates its own client, this one or Pinecone's SDK, reads key and host from the
environment::

    def test_app(pinecone_environment):
        app.restore_everything()
        assert pinecone_environment.requests.of("create_index_from_backup_operation")

The plugin also adds the options `--pinecone-contract` and `--pinecone-contract-report`; see
`pinecone_control.contract.pytest_options`. It loads the emulator only when a test uses a fixture.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pinecone_control.contract.pytest_options import (
    pytest_addoption,  # noqa: F401 - pytest finds it here
    pytest_configure,  # noqa: F401 - pytest finds it here
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pinecone_control import AsyncPinecone, Pinecone
    from pinecone_control.emulator import Emulator

API_KEY = "pytest"
"""The API key of all fixtures below; in the emulator it determines their project."""

SPEED = 60.0
"""Speed of the clock in `pinecone_environment`: an emulated minute takes a second."""

_HOST = "http://localhost"


@pytest.fixture
def pinecone_emulator() -> Iterator[Emulator]:
    """Yield an empty in-memory emulator.

    Its clock moves only when a client waits on it or the test advances it. Its ids and
    times are the same in every run.
    """
    from pinecone_control.emulator import Emulator, ManualClock

    with Emulator(clock=ManualClock(), seed="pytest") as emulator:
        yield emulator


@pytest.fixture
def pinecone_environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulator]:
    """Yield an emulator over HTTP; PINECONE_CONTROLLER_HOST and PINECONE_API_KEY point to it.

    This is for apps that create their own client, in any process that inherits the environment.
    Such a client waits on its own clock. Therefore this emulator is not `pinecone_emulator`, and
    its time runs by itself, `SPEED` times as fast as real time. The key is `API_KEY`, ``pytest``.
    """
    from pinecone_control.emulator import Emulator, ScaledClock

    with Emulator(clock=ScaledClock(SPEED), seed="pytest") as emulator, emulator.serve() as server:
        monkeypatch.setenv("PINECONE_API_KEY", API_KEY)
        monkeypatch.setenv("PINECONE_CONTROLLER_HOST", server.url)
        yield emulator


@pytest.fixture
def pinecone_client(pinecone_emulator: Emulator) -> Iterator[Pinecone]:
    """Yield a client of `pinecone_emulator`, in the same process and on its clock."""
    from pinecone_control import Pinecone

    with Pinecone(
        api_key=API_KEY,
        host=_HOST,
        transport=pinecone_emulator.transport(),
        clock=pinecone_emulator.clock,
    ) as client:
        yield client


@pytest.fixture
def async_pinecone_client(pinecone_emulator: Emulator) -> AsyncPinecone:
    """Return an async client of `pinecone_emulator`, on asyncio or trio; it need not be closed."""
    from pinecone_control import AsyncPinecone

    return AsyncPinecone(
        api_key=API_KEY,
        host=_HOST,
        transport=pinecone_emulator.async_transport(),
        clock=pinecone_emulator.clock,
    )
