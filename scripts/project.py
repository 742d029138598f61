"""Paths of the parts of this project, and functions that several scripts share."""

import socket
import time
import tomllib
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
BUILD: Final = ROOT / "build"
DOCS: Final = ROOT / "docs"
PYPROJECT: Final = ROOT / "pyproject.toml"
CONSTRAINTS: Final = ROOT / ".ci" / "constraints.txt"
OPENAPI: Final = ROOT / "openapi"
PIN: Final = OPENAPI / "pin.toml"
PINNED_CONTRACT: Final = OPENAPI / tomllib.loads(PIN.read_text("utf-8"))["file"]
EFFECTIVE_CONTRACT: Final = ROOT / "generated" / "pinecone_control_api" / "contract.json"


def write_or_check(target: Path, text: str, *, check: bool, remedy: str) -> int:
    """Write a generated file, or print whether it is current; return the exit code.

    Args:
        target: the file.
        text: its content.
        check: compare only, write nothing.
        remedy: the command that updates it.
    """
    if not check:
        target.write_text(text, "utf-8")
        return 0
    if target.exists() and target.read_text("utf-8") == text:
        return 0
    print(f"{target.relative_to(ROOT)} is not current: run `{remedy}`")
    return 1


def free_port() -> int:
    """Return a port of the loopback interface on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for_port(port: int, timeout: float = 60.0) -> None:
    """Return when something listens on a port of the loopback interface.

    Raises:
        TimeoutError: nothing did within `timeout` seconds.
    """
    give_up = time.monotonic() + timeout
    while time.monotonic() < give_up:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError(f"nothing listens on port {port} after {timeout:.0f} s")
