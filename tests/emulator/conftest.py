"""Each behaviour is specified once, and holds in process and over HTTP, and in both stores."""

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from pinecone_control.emulator import Emulator, EmulatorClock, Settings
from pinecone_control.emulator.api.http_messages import Request, Response
from pinecone_control.emulator.servers.http_server import RunningServer, serve
from tests.emulator.steps import Api, client_of, manual_emulator

Connect = Callable[[str], httpx.Client]


class Switch:
    """One server for all tests; it leads to the emulator of the test that is running."""

    def __init__(self) -> None:
        self.emulator: Emulator | None = None

    @property
    def clock(self) -> EmulatorClock:
        return self._chosen.clock

    def handle(self, request: Request) -> Response:
        return self._chosen.handle(request)

    @property
    def settings(self) -> Settings:
        return self._chosen.settings

    @property
    def _chosen(self) -> Emulator:
        assert self.emulator is not None
        return self.emulator


@pytest.fixture(scope="session")
def switch() -> Switch:
    return Switch()


@pytest.fixture(scope="session")
def server(switch: Switch) -> Iterator[RunningServer]:
    with serve(switch) as serving:
        yield serving


@pytest.fixture(params=["memory", "file"])
def emulator(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Emulator]:
    data = tmp_path / "emulator.db" if request.param == "file" else None
    with manual_emulator(data=data) as emulator:
        yield emulator


@pytest.fixture(params=["in-process", "http"])
def connect_as(
    request: pytest.FixtureRequest, emulator: Emulator, switch: Switch, server: RunningServer
) -> Iterator[Connect]:
    switch.emulator = emulator
    opened = []

    def connect(api_key: str) -> httpx.Client:
        if request.param == "http":
            headers = {"Api-Key": api_key} if api_key else {}
            client = httpx.Client(base_url=server.url, headers=headers, trust_env=False)
        else:
            client = client_of(emulator, api_key)
        opened.append(client)
        return client

    yield connect
    for client in opened:
        client.close()


@pytest.fixture
def api(emulator: Emulator, connect_as: Connect) -> Api:
    return Api(emulator, connect_as("key"), connect_as)
