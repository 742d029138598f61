"""Python environments for this client and for its peers, each with its own packages."""

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from attrs import frozen

ROOT: Final = Path(__file__).parents[2]
BUILD: Final = ROOT / "build" / "bench"
CONSTRAINTS: Final = ROOT / ".ci" / "constraints.txt"
CONTRACT: Final = ROOT / "openapi" / "db_control_2025-04.oas.yaml"
STOCK: Final = BUILD / "stock"
"""A directory with the package `stock_client`, as openapi-python-client writes it by itself."""
PRISM: Final = BUILD / "prism" / "node_modules" / ".bin" / "prism"


@frozen
class Environment:
    """A virtual environment under build/bench/.

    Attributes:
        name: its directory.
        requirements: what pip installs there.
        constrained: whether the versions are those that this project is checked with.
        needs: modules that its programs import.
    """

    name: str
    requirements: tuple[str, ...]
    needs: tuple[str, ...]
    constrained: bool = True

    @property
    def python(self) -> Path:
        """The interpreter."""
        return BUILD / self.name / "bin" / "python"

    def is_in_this_interpreter(self) -> bool:
        """Whether programs for this environment could also run where this is running."""
        return not self.name.startswith("sdk") and all(map(find_spec, self.needs))

    def set_up(self) -> None:
        """Make the environment, unless it is there already in its present form."""
        stamp = self.python.parents[1] / "complete"
        if not _is_done(stamp, self._form()):
            print(f"setting up {self.name} ...", file=sys.stderr)
            venv.create(stamp.parent, clear=True, with_pip=True)
            constraints = ("-c", str(CONSTRAINTS)) if self.constrained else ()
            _run([str(self.python), "-m", "pip", "install", "-q", *constraints, *self.requirements])
            stamp.write_text(self._form(), "utf-8")

    def _form(self) -> str:
        files = (CONSTRAINTS, ROOT / "pyproject.toml") if self.constrained else ()
        digests = [hashlib.sha256(file.read_bytes()).hexdigest() for file in files]
        return "\n".join([*self.requirements, *digests, sys.version])


OURS: Final = Environment("ours", ("-e", str(ROOT)), ("pinecone_control",))
OURS_CLI: Final = Environment("ours-cli", ("-e", f"{ROOT}[cli]"), ("pinecone_control", "click"))
SDK_10: Final = Environment("sdk-10.2.0", ("pinecone==10.2.0",), ("pinecone",), constrained=False)
SDK_7: Final = Environment("sdk-7.3.0", ("pinecone==7.3.0",), ("pinecone",), constrained=False)
GENERATED: Final = Environment(
    "stock-env", ("httpx", "attrs", "python-dateutil"), ("httpx", "attrs")
)
BARE: Final = Environment("bare", ("httpx", "orjson"), ("httpx", "orjson"))
HTTP2: Final = Environment("http2", ("-e", str(ROOT), "h2"), ("pinecone_control", "h2"))

ALL: Final = (HTTP2, OURS, OURS_CLI, SDK_10, SDK_7, GENERATED, BARE)


def set_up_all() -> None:
    """Make whatever is not there yet.

    Raises:
        SystemExit: something cannot be installed or generated; the message has the tool's own.
    """
    for environment in ALL:
        environment.set_up()
    set_up_stock_client()
    set_up_prism()


def set_up_stock_client() -> None:
    """Generate the client that openapi-python-client makes without any template of ours."""
    stamp = STOCK / "complete"
    form = hashlib.sha256(CONTRACT.read_bytes()).hexdigest()
    if _is_done(stamp, form):
        return
    print("generating the stock client ...", file=sys.stderr)
    shutil.rmtree(STOCK, ignore_errors=True)
    STOCK.mkdir(parents=True)
    _run(
        [
            *(sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none"),
            *("--path", str(CONTRACT), "--output-path", str(STOCK / "stock_client")),
        ]
    )
    stamp.write_text(form, "utf-8")


def set_up_prism() -> None:
    """Install Prism, the mock server that the emulator is compared with.

    Raises:
        SystemExit: npm is missing, or cannot install it.
    """
    stamp, form = PRISM.parents[2] / "complete", "@stoplight/prism-cli@5.14.2"
    if _is_done(stamp, form):
        return
    print("setting up prism ...", file=sys.stderr)
    stamp.parent.mkdir(parents=True, exist_ok=True)
    _run(["npm", "install", "--silent", "--no-audit", "--prefix", str(stamp.parent), form])
    stamp.write_text(form, "utf-8")


def variables(*, stock: bool = False) -> dict[str, str]:
    """Return the environment variables for a program: no settings of the caller's reach it."""
    kept = {
        name: value
        for name, value in os.environ.items()
        # Not even PYTHONDONTWRITEBYTECODE, which would make every start compile.
        if not name.startswith(("PINECONE_", "PYTHON"))
    }
    # The generator of the stock client looks for ruff on PATH.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    return {**kept, "PATH": path, "NO_PROXY": "127.0.0.1"} | (
        {"PYTHONPATH": str(STOCK)} if stock else {}
    )


def _is_done(stamp: Path, form: str) -> bool:
    return stamp.exists() and stamp.read_text("utf-8") == form


def _run(command: Sequence[str]) -> None:
    done = subprocess.run(command, env=variables(), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
