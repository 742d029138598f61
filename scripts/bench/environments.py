"""What is measured beside this client: the peers, each in an environment under build/bench/."""

import hashlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from attrs import field, frozen

from scripts import environments
from scripts.environments import (
    NodeEnvironment,
    PythonEnvironment,
    SetupError,
    fill,
    neutral_variables,
    run_tool,
)

ROOT: Final = environments.ROOT
BUILD: Final = environments.BUILD / "bench"
CONTRACT: Final = ROOT / "openapi" / "db_control_2025-04.oas.yaml"
STOCK: Final = BUILD / "stock"
"""A directory with the package `stock_client`, as openapi-python-client writes it by itself."""


@frozen
class Environment(PythonEnvironment):
    """A virtual environment under build/bench/.

    Attributes:
        needs: modules that its programs import.
    """

    needs: tuple[str, ...] = field(kw_only=True)

    def is_in_this_interpreter(self) -> bool:
        """Whether programs for this environment could also run where this is running."""
        return not self.folder.name.startswith("sdk") and all(map(find_spec, self.needs))


OURS: Final = Environment(BUILD / "ours", ("-e", str(ROOT)), needs=("pinecone_control",))
OURS_CLI: Final = Environment(
    BUILD / "ours-cli", ("-e", f"{ROOT}[cli]"), needs=("pinecone_control", "click")
)
SDK_10: Final = Environment(
    BUILD / "sdk-10.2.0", ("pinecone==10.2.0",), constrained=False, needs=("pinecone",)
)
SDK_7: Final = Environment(
    BUILD / "sdk-7.3.0", ("pinecone==7.3.0",), constrained=False, needs=("pinecone",)
)
GENERATED: Final = Environment(
    BUILD / "stock-env", ("httpx", "attrs", "python-dateutil"), needs=("httpx", "attrs")
)
BARE: Final = Environment(BUILD / "bare", ("httpx", "orjson"), needs=("httpx", "orjson"))
HTTP2: Final = Environment(
    BUILD / "http2", ("-e", str(ROOT), "h2"), needs=("pinecone_control", "h2")
)
PRISM_VERSION: Final = "5.14.2"
PRISM_CLI: Final = NodeEnvironment(BUILD / "prism", f"@stoplight/prism-cli@{PRISM_VERSION}")
"""Prism, the mock server that the emulator is compared with."""
PRISM: Final = Path(*PRISM_CLI.command("prism"))

ALL: Final = (HTTP2, OURS, OURS_CLI, SDK_10, SDK_7, GENERATED, BARE, PRISM_CLI)


@contextmanager
def _ending_on_failure() -> Iterator[None]:
    try:
        yield
    except SetupError as error:
        sys.exit(f"{error}\n{error.said}")


@_ending_on_failure()
def set_up_all() -> None:
    """Make whatever is not there yet.

    Raises:
        SystemExit: something cannot be installed or generated; the message has the tool's own.
    """
    for environment in ALL:
        environment.set_up()
    set_up_stock_client()


@_ending_on_failure()
def set_up_stock_client() -> None:
    """Generate the client that openapi-python-client makes without any template of ours.

    Raises:
        SystemExit: it cannot be generated; the message has the generator's own.
    """
    fill(STOCK, hashlib.sha256(CONTRACT.read_bytes()).hexdigest(), _generate_stock_client)


def _generate_stock_client() -> None:
    run_tool(
        *(sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none"),
        *("--path", str(CONTRACT), "--output-path", str(STOCK / "stock_client")),
        variables=variables(),
    )


def variables(*, stock: bool = False) -> dict[str, str]:
    """Return the environment variables for a program: no settings of the caller's reach it."""
    # The generator of the stock client looks for ruff on PATH.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    return {**neutral_variables(), "PATH": path, "NO_PROXY": "127.0.0.1"} | (
        {"PYTHONPATH": str(STOCK)} if stock else {}
    )
