"""Check that common tools for httpx see the calls of this client.

`python -m scripts.proofs.ecosystem` installs them into an environment of their own under `build/`
(once), and runs the tests of each tool in a process of its own, since they patch httpx permanently.
The exit status is 1 if a test fails, 2 if a tool cannot be installed.
"""

import subprocess
import sys
from typing import Final

from scripts.environments import PythonEnvironment, SetupError, neutral_variables
from scripts.project import BUILD, ROOT

TESTS: Final = ROOT / "tests" / "ecosystem"
ENVIRONMENT: Final = PythonEnvironment(
    BUILD / "ecosystem",
    (
        f"{ROOT}[emulator]",
        "ddtrace==4.16.0",
        "gevent>=25",
        "hishel[httpx]>=1",
        "logfire==5.4.0",
        "opentelemetry-instrumentation-httpx==0.66b2",
        "opentelemetry-sdk",
        "pytest>=8.3",
        "pytest-httpx==0.36.2",
        "pyyaml",
        "respx==0.23.1",
        "sentry-sdk==2.75.0",
        "truststore==0.10.4",
        "uvloop>=0.21",
        "vcrpy==9.4.2",
    ),
    constraints=None,
)


def main() -> int:
    try:
        ENVIRONMENT.set_up()
    except SetupError as error:
        print(f"the tools cannot be installed: {error}", file=sys.stderr)
        return 2
    failed = []
    for tests in sorted(TESTS.glob("test_*.py")):
        print(f"{tests.stem.removeprefix('test_').replace('_', ' ')}: ", end="", flush=True)
        done = subprocess.run(
            # Sources of this tree, not the copy that was installed; warnings are the tools' own.
            [
                *(ENVIRONMENT.python, "-m", "pytest", "-q", "--no-header", "-o", "filterwarnings="),
                *("-o", "pythonpath=. facade generated", "-p", "no:cacheprovider", tests),
            ],
            cwd=ROOT,
            env=neutral_variables(),
            capture_output=True,
            text=True,
            check=False,
        )
        print(done.stdout.strip().rpartition("\n")[2])
        if done.returncode != 0:
            print(done.stdout + done.stderr)
            failed.append(tests.stem)
    print(
        f"{len(failed)} of the tools' tests failed: {', '.join(failed)}" if failed else "all pass"
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
