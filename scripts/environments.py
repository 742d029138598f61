"""Environments for tools and SDKs that cannot share ours: one folder under ``build/`` for each."""

import re
import shutil
import subprocess
import venv
from pathlib import Path
from typing import Final

from attrs import frozen

ROOT: Final = Path(__file__).parent.parent
BUILD: Final = ROOT / "build"

_UNREACHABLE: Final = re.compile(
    r"Failed to establish a new connection|NewConnectionError|ConnectTimeout|Name or service not"
    r"|name resolution|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ECONNRESET|ENETUNREACH"
    r"|from versions: none"
)


class SetupError(Exception):
    """Something cannot be installed; the message is one line."""


@frozen
class PythonEnvironment:
    """A virtual environment that holds one package.

    Attributes:
        requirement: the package with its exact version; installed once, a stamp remembers it.
        folder: where the environment is.
    """

    requirement: str
    folder: Path

    def ready(self) -> None:
        """Install what is missing.

        Raises:
            SetupError: it cannot be installed.
        """
        stamp = self.folder / "installed"
        if stamp.exists() and stamp.read_text("utf-8") == self.requirement:
            return
        print(f"installing {self.requirement} ...", flush=True)
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self._install()
        stamp.write_text(self.requirement, "utf-8")

    def command(self, program: str | Path) -> list[str]:
        """The beginning of a command: a Python file, or a program that the package brings."""
        commands = self.folder / "bin"
        is_file = isinstance(program, Path)
        return [str(commands / "python"), str(program)] if is_file else [str(commands / program)]

    def _install(self) -> None:
        venv.create(self.folder, with_pip=True)
        options = ["--quiet", "--disable-pip-version-check"]
        self._run(*self.command("python"), "-m", "pip", "install", *options)

    def _run(self, *command: str) -> None:
        done = subprocess.run(
            [*command, self.requirement], capture_output=True, text=True, check=False
        )
        if done.returncode == 0:
            return
        said = done.stdout + done.stderr
        if _UNREACHABLE.search(said):
            raise SetupError("the package registry cannot be reached, or has no such package")
        errors = [line for line in said.splitlines() if re.match(r"ERROR|npm (ERR!|error)", line)]
        raise SetupError(" / ".join(errors[:3]) or f"{command[0]} ended with {done.returncode}")


class NodeEnvironment(PythonEnvironment):
    """A folder with one npm package."""

    def command(self, program: str | Path) -> list[str]:
        """A command that runs an ECMAScript module."""
        # node looks for packages beside the program, not beside the working directory.
        return ["node", str(shutil.copy(program, self.folder))]

    def _install(self) -> None:
        if shutil.which("node") is None or shutil.which("npm") is None:
            raise SetupError("it needs node and npm, which are not on PATH")
        (self.folder / "package.json").write_text('{"private": true}\n', "utf-8")
        options = ["--no-audit", "--no-fund", "--ignore-scripts", f"--prefix={self.folder}"]
        self._run("npm", "install", *options)
