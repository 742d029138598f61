"""Environments for tools and SDKs that cannot share ours: one folder under ``build/`` for each."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from attrs import frozen

from scripts.project import CONSTRAINTS, PYPROJECT

_UNREACHABLE: Final = re.compile(
    r"Failed to establish a new connection|NewConnectionError|ConnectTimeout|Name or service not"
    r"|name resolution|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ECONNRESET|ENETUNREACH"
    r"|from versions: none"
)


class SetupError(Exception):
    """Something cannot be set up; the message is one line.

    Attributes:
        said: all that the tool said.
    """

    def __init__(self, reason: str, said: str = "") -> None:
        super().__init__(reason)
        self.said = said


@frozen
class PythonEnvironment:
    """A virtual environment with packages.

    Attributes:
        folder: where it is.
        requirements: what pip installs there.
        constraints: which versions pip takes, as a file for its option `-c`; by default those that
            this project is checked with.
        interpreter: the Python that the environment is made of.
        modules: what programs for this environment import.
    """

    folder: Path
    requirements: tuple[str, ...]
    constraints: Path | None = CONSTRAINTS
    interpreter: str = sys.executable
    modules: tuple[str, ...] = ()

    @property
    def python(self) -> Path:
        """The interpreter."""
        return self.folder / "bin" / "python"

    def command(self, program: str | Path) -> list[str]:
        """The beginning of a command: a Python file, or a program that a package brings."""
        if isinstance(program, Path):
            return [str(self.python), str(program)]
        return [str(self.folder / "bin" / program)]

    def set_up(self) -> None:
        """Make the environment, unless it is there already in its present form.

        Raises:
            SetupError: something cannot be installed.
        """
        files = (self.constraints, PYPROJECT) if self.constraints else ()
        digests = [hashlib.sha256(file.read_bytes()).hexdigest() for file in files]
        form = "\n".join([*self.requirements, *digests, self.interpreter, sys.version])
        fill(self.folder, form, self._install)

    def is_in_this_interpreter(self) -> bool:
        """Whether programs for this environment could also run where this is running."""
        return bool(self.modules) and all(map(find_spec, self.modules))

    def _install(self) -> None:
        run_tool(self.interpreter, "-m", "venv", str(self.folder))
        constraints = ("-c", str(self.constraints)) if self.constraints else ()
        options = ("--quiet", "--disable-pip-version-check", *constraints)
        run_tool(str(self.python), "-m", "pip", "install", *options, *self.requirements)


@frozen
class NodeEnvironment:
    """A folder with an npm package.

    Attributes:
        folder: where it is.
        package: with its exact version.
    """

    folder: Path
    package: str

    def command(self, program: str | Path) -> list[str]:
        """The beginning of a command: an ECMAScript module, or a program of the package."""
        if isinstance(program, Path):
            # node looks for packages beside the program, not beside the working directory.
            return ["node", str(shutil.copy(program, self.folder))]
        return [str(self.folder / "node_modules" / ".bin" / program)]

    def set_up(self) -> None:
        """Install the package, unless it is there already.

        Raises:
            SetupError: it cannot be installed.
        """
        fill(self.folder, self.package, self._install)

    def _install(self) -> None:
        if shutil.which("node") is None or shutil.which("npm") is None:
            raise SetupError("it needs node and npm, which are not on PATH")
        (self.folder / "package.json").write_text('{"private": true}\n', "utf-8")
        options = ("--no-audit", "--no-fund", "--ignore-scripts", f"--prefix={self.folder}")
        run_tool("npm", "install", *options, self.package)


def fill(folder: Path, form: str, install: Callable[[], None]) -> None:
    """Fill a folder anew, unless a stamp says that it is there already in this form."""
    stamp = folder / "complete"
    if stamp.exists() and stamp.read_text("utf-8") == form:
        return
    print(f"setting up {folder.name} ...", file=sys.stderr, flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    install()
    stamp.write_text(form, "utf-8")


def run_tool(*command: str, variables: Mapping[str, str] | None = None) -> None:
    """Run a tool to its end.

    Args:
        command: the tool and its arguments.
        variables: its environment variables; `neutral_variables` without any.

    Raises:
        SetupError: it failed.
    """
    done = subprocess.run(
        command,
        env=neutral_variables() if variables is None else variables,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 0:
        return
    said = f"{' '.join(command)}\n{done.stdout}{done.stderr}"
    if _UNREACHABLE.search(said):
        raise SetupError("the package registry cannot be reached, or has no such package", said)
    errors = [line for line in said.splitlines() if re.match(r"ERROR|npm (ERR!|error)", line)]
    raise SetupError(" / ".join(errors[:3]) or f"{command[0]} ended with {done.returncode}", said)


def neutral_variables() -> dict[str, str]:
    """Return the environment variables without the caller's settings of Python and of clients."""
    return {
        name: value
        for name, value in os.environ.items()
        # Not even PYTHONDONTWRITEBYTECODE, which would make every start compile.
        if not name.startswith(("PINECONE_", "PYTHON"))
    }
