"""Run the tests at the lowest and at the newest versions that pyproject.toml allows.

    python -m scripts.release.check_versions [lowest] [newest]

The lowest run on the oldest Python that is supported, the newest on the newest Python that is found
on this machine. Each has an environment under build/versions/, with constraints made from
pyproject.toml; of the tests' own tools it has the newest that go with them.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement

from scripts.environments import PythonEnvironment, SetupError, neutral_variables
from scripts.project import BUILD, ROOT
from scripts.release.requirements import requirements

FOLDER: Final = BUILD / "versions"
PYTHONS: Final = ("3.11", "3.12", "3.13")
EXTRAS: Final = ("cli", "contract", "emulator")
TESTED: Final = ("tests/client", "tests/cli", "tests/emulator", "tests/contract")


def main() -> int:
    """Run the tests in each environment; return the exit code."""
    status = 0
    for bound in sys.argv[1:] or ("lowest", "newest"):
        python = interpreter(PYTHONS if bound == "lowest" else PYTHONS[::-1])
        environment = PythonEnvironment(
            FOLDER / bound,
            ("-e", f"{ROOT}[{','.join(EXTRAS)},test]"),
            constraints=constraints(bound),
            interpreter=python,
        )
        try:
            environment.set_up()
        except SetupError as error:
            sys.exit(f"{bound}: {error}\n{error.said}")
        versions = installed(environment)
        print(f"{bound} on {version(python)}: {', '.join(versions)}", flush=True)
        status |= run_tests(environment)
    return status


def interpreter(versions: tuple[str, ...]) -> str:
    """Return the first Python of these versions that is found on PATH or with pyenv."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    for each in versions:
        for found in (*pyenv.glob(f"versions/{each}.*/bin/python"), shutil.which(f"python{each}")):
            if found:
                return str(found)
    return sys.executable


def constraints(bound: str) -> Path:
    """Write the constraints of an environment; return the file."""
    declared = requirements(*EXTRAS) if bound == "lowest" else []
    FOLDER.mkdir(parents=True, exist_ok=True)
    file = FOLDER / f"{bound}.txt"
    file.write_text("".join(sorted({f"{each.name}=={lowest(each)}\n" for each in declared})))
    return file


def lowest(requirement: Requirement) -> str:
    """Return the lowest version that a requirement allows.

    Raises:
        SystemExit: it allows any.
    """
    bounds = [each.version for each in requirement.specifier if each.operator in {">=", "=="}]
    if not bounds:
        sys.exit(f"pyproject.toml has no lower bound for {requirement.name}")
    return bounds[0]


def installed(environment: PythonEnvironment) -> Iterator[str]:
    """Yield what is installed of the requirements, with versions."""
    names = sorted({each.name for each in requirements(*EXTRAS)})
    program = "import sys, importlib.metadata as m; [print(n, m.version(n)) for n in sys.argv[1:]]"
    yield from output(str(environment.python), "-c", program, *names).splitlines()


def version(python: str) -> str:
    """Return what a Python calls itself."""
    return output(python, "--version")


def output(*command: str) -> str:
    """Return what a program prints."""
    done = subprocess.run(command, env=neutral_variables(), stdout=subprocess.PIPE, check=True)
    return done.stdout.decode().strip()


def run_tests(environment: PythonEnvironment) -> int:
    """Run the tests; return the exit code."""
    options = ("-q", "-n", "2", "-p", "no:cacheprovider")
    command = [*environment.command("pytest"), *options, *TESTED]
    return subprocess.run(command, cwd=ROOT, env=neutral_variables(), check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
