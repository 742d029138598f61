"""Environments for tools and SDKs that cannot share ours, each in a folder under ``build/``."""

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
        output: the output of the tool.
    """

    def __init__(self, reason: str, output: str = "") -> None:
        super().__init__(reason)
        self.output = output


@frozen
class PythonEnvironment:
    """A virtual environment with packages.

    Attributes:
        folder: its folder.
        requirements: the packages that pip installs there.
        constraints: file for pip's option `-c`, with the versions to install; by default those that
            this project is checked with.
        interpreter: the Python that creates the environment.
        modules: the modules that programs for this environment import.
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
        """Return the start of a command: a Python file, or a program of a package."""
        if isinstance(program, Path):
            return [str(self.python), str(program)]
        return [str(self.folder / "bin" / program)]

    def set_up(self) -> None:
        """Create the environment, unless it exists in its current form.

        Raises:
            SetupError: something cannot be installed.
        """
        files = (self.constraints, PYPROJECT) if self.constraints else ()
        digests = [hashlib.sha256(file.read_bytes()).hexdigest() for file in files]
        form = "\n".join([*self.requirements, *digests, self.interpreter, sys.version])
        fill(self.folder, form, self._install)

    def is_in_this_interpreter(self) -> bool:
        """Return whether programs for this environment could also run in this interpreter."""
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
        folder: its folder.
        package: the package, with its exact version.
    """

    folder: Path
    package: str

    def command(self, program: str | Path) -> list[str]:
        """Return the start of a command: an ECMAScript module, or a program of the package."""
        if isinstance(program, Path):
            # node looks for packages beside the program, not beside the working directory.
            return ["node", str(shutil.copy(program, self.folder))]
        return [str(self.folder / "node_modules" / ".bin" / program)]

    def set_up(self) -> None:
        """Install the package, unless it is installed already.

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
    """Recreate a folder, unless its stamp says that it exists in this form."""
    stamp = folder / "complete"
    if stamp.exists() and stamp.read_text("utf-8") == form:
        return
    print(f"setting up {folder.name} ...", file=sys.stderr, flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    install()
    stamp.write_text(form, "utf-8")


def run_tool(*command: str, variables: Mapping[str, str] | None = None) -> None:
    """Run a tool and wait for it.

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
    output = f"{' '.join(command)}\n{done.stdout}{done.stderr}"
    if _UNREACHABLE.search(output):
        raise SetupError("the package registry cannot be reached, or has no such package", output)
    errors = [line for line in output.splitlines() if re.match(r"ERROR|npm (ERR!|error)", line)]
    raise SetupError(" / ".join(errors[:3]) or f"{command[0]} ended with {done.returncode}", output)


def neutral_variables() -> dict[str, str]:
    """Return the environment variables without the caller's settings of Python and of clients."""
    return {
        name: value
        for name, value in os.environ.items()
        # This removes PYTHONDONTWRITEBYTECODE too, with which every start would compile.
        if not name.startswith(("PINECONE_", "PYTHON"))
    }
