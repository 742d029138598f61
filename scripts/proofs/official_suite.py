"""Run the control-plane integration tests of the official Python SDK 8.1.2 against the emulator.

``python -m scripts.proofs.official_suite [PYTEST ARGUMENT...]`` takes them unchanged from the
released source distribution (that of 7.3.0 contains no tests). The tests of pods are left out: they
write vectors, which needs a data plane. The exit status is pytest's, or 2 if something cannot be
installed.
"""

import os
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Final

from pinecone_control.emulator import Emulator, ScaledClock
from scripts.environments import PythonEnvironment, SetupError, fill, run_tool
from scripts.peers import BUILD

VERSION: Final = "8.1.2"
ENVIRONMENT: Final = PythonEnvironment(
    BUILD / f"suite-{VERSION}",
    (f"pinecone=={VERSION}", "pytest", "pytest-timeout", "python-dotenv", "numpy"),
    constraints=None,
)
SOURCE: Final = BUILD / f"source-{VERSION}"
SUITES: Final = "tests/integration/rest_sync/db/control"
SPEED: Final = 30
VARIABLES: Final = {
    "PINECONE_API_KEY": "suite",
    "METRIC": "cosine",
    "DIMENSION": "2",
    "SERVERLESS_CLOUD": "aws",
    "SERVERLESS_REGION": "us-east-1",
    "PINECONE_ENVIRONMENT": "us-east-1-aws",
}


def main() -> int:
    """Run the tests; return the exit status."""
    try:
        ENVIRONMENT.set_up()
        fill(SOURCE, VERSION, download)
    except SetupError as error:
        print(f"NOT RUN: {error}", file=sys.stderr)
        return 2
    command = [
        *(str(ENVIRONMENT.python), "-m", "pytest", "-q", "-W", "ignore", "--timeout=120"),
        *("--rootdir=.", "-o", "log_cli=false", "-p", "no:cacheprovider"),
        *(f"{SUITES}/serverless", f"{SUITES}/resources", *sys.argv[1:]),
    ]
    with (
        Emulator(clock=ScaledClock(SPEED), seed=1, check_responses=True) as emulator,
        emulator.serve() as server,
    ):
        told = {**os.environ, **VARIABLES, "PINECONE_CONTROLLER_HOST": server.url}
        folder = SOURCE / f"pinecone-{VERSION}"
        return subprocess.run(command, cwd=folder, env=told, check=False).returncode


def download() -> None:
    """Download and unpack the source distribution."""
    options = ("--quiet", "--disable-pip-version-check", "--no-deps", "--no-binary", "pinecone")
    run_tool(
        *(str(ENVIRONMENT.python), "-m", "pip", "download", *options, "--dest", str(SOURCE)),
        f"pinecone=={VERSION}",
    )
    (archive,) = Path(SOURCE).glob("*.tar.gz")
    with tarfile.open(archive) as opened:
        opened.extractall(SOURCE, filter="data")


if __name__ == "__main__":
    sys.exit(main())
