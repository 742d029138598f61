"""Run the tests with other versions of the dependencies, or of Python, than in development.

    python -m scripts.release.check_versions [lowest] [newest] [pythons | 3.12 ...]

`lowest` uses the lowest versions that pyproject.toml allows, on the oldest supported Python that is
found; `newest` uses the newest versions on the newest Python. Both run the tests of the client, the
command line, the emulator and the contract checks. `pythons` runs all tests except the long ones on
each supported Python. The environments are in build/versions/. The exit code is 1 if tests fail, 2
if a Python is not found or something cannot be installed.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement

from scripts.environments import PythonEnvironment, SetupError, neutral_variables
from scripts.project import BUILD, CONSTRAINTS, ROOT
from scripts.release.requirements import metadata, requirements

FOLDER: Final = BUILD / "versions"
EXTRAS: Final = ("cli", "contract", "emulator")
AREAS: Final = ("tests/client", "tests/cli", "tests/emulator", "tests/contract")
LONGEST_TEST: Final = 300
"""Seconds after which a test that hangs is ended with a traceback."""


def main() -> int:
    """Run the tests with each set of versions; return the exit code."""
    pythons = supported_pythons()
    asked = [*sys.argv[1:]] or ["lowest", "newest"]
    names = [name for each in asked for name in (pythons if each == "pythons" else [each])]
    outcomes = {}
    for name in names:
        try:
            outcomes[name] = run(name, pythons)
        except SetupError as error:
            print(error.output, end="", file=sys.stderr)
            outcomes[name] = f"NOT RUN: {error}"
    print(*(f"{name:6} {outcome}" for name, outcome in outcomes.items()), sep="\n")
    ended = " ".join(outcomes.values())
    return 2 if "NOT RUN" in ended else int("FAILED" in ended)


def run(name: str, pythons: list[str]) -> str:
    """Set up one environment and run the tests there; return the result.

    Raises:
        SetupError: the environment cannot be set up.
    """
    found = [python for each in pythons if (python := interpreter(each))] or [sys.executable]
    extra = "test"
    tests: tuple[str, ...] = AREAS
    constraints: Path | None = None
    match name:
        case "lowest":
            python, constraints = found[0], lowest_versions()
        case "newest":
            python = found[-1]
            # Newer versions may have been released.
            (FOLDER / name / "complete").unlink(missing_ok=True)
        case _:
            python = interpreter(name) or ""
            extra, tests, constraints = "dev", (), CONSTRAINTS
    if not python:
        raise SetupError(f"Python {name} is found neither with pyenv nor on PATH")
    requirement = f"{ROOT}[{','.join([*EXTRAS, extra])}]"
    environment = PythonEnvironment(FOLDER / name, ("-e", requirement), constraints, python)
    environment.set_up()
    title = output(python, "--version")
    print(f"{name}: {title}, {', '.join(installed(environment))}", flush=True)
    options = ("-q", "-n", "2", "-m", "not journey", "-p", "no:cacheprovider")
    limits = (f"faulthandler_timeout={LONGEST_TEST}", "faulthandler_exit_on_timeout=true")
    started = time.monotonic()
    done = subprocess.run(
        [*environment.command("pytest"), *options, *(f"-o{each}" for each in limits), *tests],
        cwd=ROOT,
        env=neutral_variables(),
        check=False,
    )
    ended = "FAILED" if done.returncode else "passed"
    return f"{ended} on {title} in {time.monotonic() - started:.0f} s"


def supported_pythons() -> list[str]:
    """Return the versions of Python that pyproject.toml names, oldest first."""
    found = (re.fullmatch(r".* :: (3\.\d+)", each) for each in metadata()["classifiers"])
    return [match[1] for match in found if match]


def interpreter(version: str) -> str | None:
    """Return the path of a Python version from pyenv or PATH."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    for found in pyenv.glob(f"versions/{version}.*/bin/python"):
        return str(found)
    return shutil.which(f"python{version}")


def lowest_versions() -> Path:
    """Write a constraints file with the lowest versions that pyproject.toml allows; return it."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    file = FOLDER / "lowest.txt"
    file.write_text("".join(sorted({f"{lowest(each)}\n" for each in requirements(*EXTRAS)})))
    return file


def lowest(requirement: Requirement) -> str:
    """Return a constraint on the lowest version that a requirement allows.

    Raises:
        SetupError: the requirement has no lower bound.
    """
    for bound in requirement.specifier:
        if bound.operator == ">=":
            return f"{requirement.name}=={bound.version}"
    raise SetupError(f"pyproject.toml has no lower bound for {requirement.name}")


def installed(environment: PythonEnvironment) -> Iterator[str]:
    """Yield the installed versions of the requirements."""
    names = sorted({each.name for each in requirements(*EXTRAS)})
    program = "import sys, importlib.metadata as m; [print(n, m.version(n)) for n in sys.argv[1:]]"
    yield from output(str(environment.python), "-c", program, *names).splitlines()


def output(*command: str) -> str:
    """Return the output of a program."""
    done = subprocess.run(command, env=neutral_variables(), stdout=subprocess.PIPE, check=True)
    return done.stdout.decode().strip()


if __name__ == "__main__":
    sys.exit(main())
