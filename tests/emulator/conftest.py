"""Each behaviour is specified once, and holds through both doors and in both stores."""

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from pinecone_control.emulator import Emulator, EmulatorClock
from pinecone_control.emulator.doors.server import Serving, serve
from pinecone_control.emulator.messages import Request, Response
from tests.emulator.steps import Api, manual_emulator

Door = Callable[[str], httpx.Client]


class Switch:
    """One server for all tests; it leads to the emulator of the test that is running."""

    def __init__(self) -> None:
        self.emulator: Emulator | None = None

    @property
    def clock(self) -> EmulatorClock:
        return self._chosen.clock

    def handle(self, request: Request) -> Response:
        return self._chosen.handle(request)

    def body_limit(self) -> int:
        return self._chosen.settings.body_limit

    @property
    def _chosen(self) -> Emulator:
        assert self.emulator is not None
        return self.emulator


@pytest.fixture(scope="session")
def switch() -> Switch:
    return Switch()


@pytest.fixture(scope="session")
def server(switch: Switch) -> Iterator[Serving]:
    with serve(switch) as serving:
        yield serving


@pytest.fixture(params=["memory", "file"])
def emulator(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Emulator]:
    data = tmp_path / "emulator.db" if request.param == "file" else None
    with manual_emulator(data=data) as emulator:
        yield emulator


@pytest.fixture(params=["in-process", "http"])
def door(
    request: pytest.FixtureRequest, emulator: Emulator, switch: Switch, server: Serving
) -> Iterator[Door]:
    switch.emulator = emulator
    opened = []

    def open_door(api_key: str) -> httpx.Client:
        headers = {"Api-Key": api_key} if api_key else {}
        if request.param == "http":
            client = httpx.Client(base_url=server.url, headers=headers, trust_env=False)
        else:
            client = httpx.Client(
                base_url="http://emulator", headers=headers, transport=emulator.transport()
            )
        opened.append(client)
        return client

    yield open_door
    for client in opened:
        client.close()


@pytest.fixture
def api(emulator: Emulator, door: Door) -> Api:
    return Api(emulator, door("key"), door)
