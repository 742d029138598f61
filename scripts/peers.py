"""The clients and servers that this project is compared with, each in its own environment."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from scripts import project
from scripts.environments import (
    NodeEnvironment,
    PythonEnvironment,
    SetupError,
    fill,
    neutral_variables,
    run_tool,
)
from scripts.project import PINNED_CONTRACT, ROOT, free_port, wait_for_port

BUILD: Final = project.BUILD / "peers"
STOCK: Final = BUILD / "stock"
"""Directory of the package `stock_client`, which openapi-python-client generates by itself."""


OURS: Final = PythonEnvironment(BUILD / "ours", ("-e", str(ROOT)), modules=("pinecone_control",))
OURS_CLI: Final = PythonEnvironment(
    BUILD / "ours-cli", ("-e", f"{ROOT}[cli]"), modules=("pinecone_control", "click")
)
HTTP2: Final = PythonEnvironment(
    BUILD / "http2", ("-e", str(ROOT), "h2"), modules=("pinecone_control", "h2")
)
GENERATED: Final = PythonEnvironment(
    BUILD / "stock-env", ("httpx", "attrs", "python-dateutil"), modules=("httpx", "attrs")
)
BARE: Final = PythonEnvironment(BUILD / "bare", ("httpx", "orjson"), modules=("httpx", "orjson"))
SDK_7: Final = PythonEnvironment(BUILD / "sdk-7.3.0", ("pinecone==7.3.0",), constraints=None)
SDK_10: Final = PythonEnvironment(BUILD / "sdk-10.2.0", ("pinecone==10.2.0",), constraints=None)
PRISM_VERSION: Final = "5.14.2"
PRISM: Final = NodeEnvironment(BUILD / "prism", f"@stoplight/prism-cli@{PRISM_VERSION}")
"""Stoplight's mock server and validating proxy."""

MEASURED: Final = (HTTP2, OURS, OURS_CLI, SDK_10, SDK_7, GENERATED, BARE, PRISM)
"""The environments that the benchmarks need."""


@contextmanager
def _ending_on_failure() -> Iterator[None]:
    try:
        yield
    except SetupError as error:
        sys.exit(f"{error}\n{error.output}")


@_ending_on_failure()
def set_up_measured() -> None:
    """Create what the benchmarks need and does not exist yet.

    Raises:
        SystemExit: something cannot be installed or generated; the message includes the tool's.
    """
    for environment in MEASURED:
        environment.set_up()
    set_up_stock_client()


@_ending_on_failure()
def set_up_stock_client() -> None:
    """Generate the client of openapi-python-client without our templates.

    Raises:
        SystemExit: it cannot be generated; the message includes the generator's.
    """
    fill(STOCK, hashlib.sha256(PINNED_CONTRACT.read_bytes()).hexdigest(), _generate_stock_client)


def _generate_stock_client() -> None:
    run_tool(
        *(sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none"),
        *("--path", str(PINNED_CONTRACT), "--output-path", str(STOCK / "stock_client")),
        variables=variables(),
    )


def variables(*, stock: bool = False) -> dict[str, str]:
    """Return the environment variables for a program, without the caller's settings."""
    # The generator of the stock client looks for ruff on PATH.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    return {**neutral_variables(), "PATH": path, "NO_PROXY": "127.0.0.1"} | (
        {"PYTHONPATH": str(STOCK)} if stock else {}
    )


@contextmanager
def running_prism(command: str, contract: Path, *arguments: str) -> Iterator[str]:
    """Run Prism on a free port for the length of the block; yield its URL.

    Args:
        command: `mock` or `proxy`.
        contract: the contract that it serves or validates against.
        arguments: further arguments of the command.

    Raises:
        SetupError: it cannot be installed.
        TimeoutError: it did not start.
    """
    PRISM.set_up()
    port = free_port()
    options = ("--port", str(port), "--verboseLevel", "silent")
    line = [*PRISM.command("prism"), command, str(contract), *arguments, *options]
    with subprocess.Popen(line, env=variables(), stdout=subprocess.DEVNULL) as process:
        try:
            wait_for_port(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
