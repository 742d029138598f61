"""What each test of a tool is given: a kind of client, and a call."""

import pytest

from tests.ecosystem.calls import CALLS, Call, Client


@pytest.fixture(params=["sync", "async"])
def client(request: pytest.FixtureRequest) -> Client:
    return Client(request.param)


@pytest.fixture(params=CALLS.values(), ids=CALLS)
def call(request: pytest.FixtureRequest) -> Call:
    value: Call = request.param
    return value
