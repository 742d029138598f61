import signal
import tomllib
from pathlib import Path

import pytest

from tests.support.both_clients import Driver

# In the background of a script (`make test &`) ctrl-C is ignored. Processes that tests start and
# interrupt must not inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)

PIN = Path(__file__).parents[1] / "openapi" / "pin.toml"


@pytest.fixture(params=["sync", "asyncio", "trio"])
def driver(request: pytest.FixtureRequest) -> Driver:
    return Driver(request.param)


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests say what they use; nothing comes from the environment they happen to run in."""
    for name in (
        "PINECONE_API_KEY",
        "PINECONE_CONTROLLER_HOST",
        "PINECONE_CONTROL_ALLOW_PLAIN_HTTP",
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
        "SSLKEYLOGFILE",
    ):
        monkeypatch.delenv(name, raising=False)
    for scheme in ("http", "https", "all"):
        monkeypatch.delenv(f"{scheme}_proxy", raising=False)
        monkeypatch.delenv(f"{scheme.upper()}_PROXY", raising=False)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip, and so report, tests that state what another API version than the pinned one says."""
    pinned = tomllib.loads(PIN.read_text("utf-8"))["api_version"]
    for item in items:
        for mark in item.iter_markers("api_version"):
            if pinned not in mark.args:
                reason = f"states what {' and '.join(mark.args)} says; {pinned} is pinned"
                item.add_marker(pytest.mark.skip(reason=reason))
