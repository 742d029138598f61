"""Build the wheel and the source archive, and use the wheel in an empty environment.

This shows which packages the base install brings, that the extras work, and that the wheel needs
nothing of the working tree.
"""

import json
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from typing import Final

from scripts.project import CONSTRAINTS
from scripts.release.requirements import requirements

# The packages of the base install: the requirements in pyproject.toml and their dependencies.
DECLARED: Final = {"pinecone-control", *(each.name for each in requirements())}
INDIRECT: Final = {"certifi", "h11", "idna", "sniffio", "six", "typing-extensions", "tzdata"}
INSTALLER: Final = {"pip", "setuptools", "wheel"}

USE_BASE: Final = """
from pinecone_control import Pinecone, PineconeValueError, RestoreJob
try:
    Pinecone(api_key="k").list_restore_jobs(limit=0)
except PineconeValueError as error:
    print("base:", error.what)
"""
USE_EMULATOR: Final = """
from pinecone_control import Pinecone
from pinecone_control.emulator import Emulator
with Emulator(seed=1) as emulator, emulator.serve() as server:
    emulator.seed("demo", restore_jobs=250)
    jobs = list(Pinecone("k", server.url).list_restore_jobs())
    print("emulator:", len(jobs), "restore jobs over a socket")
    assert len(jobs) == 250
"""


def run(*command: str | Path) -> str:
    """Run a program and return its output; if it fails, exit with its output as the message."""
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout.strip()


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        run(sys.executable, "-m", "hatchling", "build", "-d", place / "dist")
        (wheel,) = (place / "dist").glob("*.whl")
        (archive,) = (place / "dist").glob("*.tar.gz")
        print(f"built {wheel.name} and {archive.name}")
        python = _empty_environment(place / "env")

        _install(python, str(wheel))
        _check_base(python)
        print(run(python, "-I", "-c", USE_BASE))
        _install(python, f"{wheel}[emulator]")
        print(run(python, "-I", "-c", USE_EMULATOR))
        _install(python, f"{wheel}[all]")
        print("cli:", run(python.parent / "pinecone-control", "version"))
    return 0


def _empty_environment(place: Path) -> Path:
    venv.create(place, with_pip=True)
    return place / "bin" / "python"


def _install(python: Path, what: str) -> None:
    quiet = ["--quiet", "--disable-pip-version-check"]
    run(python, "-m", "pip", "install", *quiet, "-c", CONSTRAINTS, what)


def _check_base(python: Path) -> None:
    listed = run(python, "-m", "pip", "--disable-pip-version-check", "list", "--format=json")
    names = {each["name"].lower().replace("_", "-") for each in json.loads(listed)} - INSTALLER
    surplus = names - DECLARED - INDIRECT
    if surplus or not names >= DECLARED:
        sys.exit(f"the base install brings {sorted(names)}; not expected: {sorted(surplus)}")
    print("base install:", ", ".join(sorted(names)))


if __name__ == "__main__":
    sys.exit(main())
