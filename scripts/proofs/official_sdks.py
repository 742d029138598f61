"""Run Pinecone's official SDKs against the emulator, over HTTP.

``python -m scripts.proofs.official_sdks`` installs each SDK into an environment of its own under
``build/`` (once; a stamp records the version), runs its program of ``scripts/proofs/sdk_programs/``
against an emulator that checks every response, and prints the number of its calls. The exit status
is 1 if a program fails, 2 if an SDK cannot be installed.
"""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from attrs import frozen

from pinecone_control import Pinecone
from pinecone_control.contract.shipped_contracts import effective_contract
from pinecone_control.emulator import Emulator, RecordedRequest, ScaledClock
from scripts.environments import NodeEnvironment, PythonEnvironment, SetupError
from scripts.peers import BUILD

PROGRAMS: Final = Path(__file__).parent / "sdk_programs"

SPEED: Final = 60
PATIENCE: Final = 120.0
OK: Final = range(200, 300)

# The programs describe deleted indexes until they get a 404, and some of them show that a protected
# index is not deleted.
EXPECTED_REFUSALS: Final = frozenset({("describe_index", 404), ("delete_index", 403)})

OPERATIONS: Final = frozenset(effective_contract().operations)
PAGES: Final = 3
PODS: Final = {"environment": "us-east-1-aws", "pod_type": "p1.x1"}


@frozen
class Peer:
    """One official SDK.

    Attributes:
        name: the installed package, with its version.
        environment: the environment in which it is installed.
        program: the program that uses it.
    """

    name: str
    environment: PythonEnvironment | NodeEnvironment
    program: Path


def _python(version: str, program: str) -> Peer:
    requirement = f"pinecone=={version}"
    environment = PythonEnvironment(BUILD / f"sdk-{version}", (requirement,), constraints=None)
    return Peer(requirement, environment, PROGRAMS / program)


def _npm(version: str, program: str) -> Peer:
    package = f"@pinecone-database/pinecone@{version}"
    environment = NodeEnvironment(BUILD / f"sdk-npm-{version}", package)
    return Peer(package, environment, PROGRAMS / program)


PEERS: Final = (
    _python("7.3.0", "python_sdk_7_to_9.py"),
    _python("8.1.2", "python_sdk_7_to_9.py"),
    _python("9.1.0", "python_sdk_7_to_9.py"),
    _python("10.2.0", "python_sdk_10.py"),
    _npm("6.1.4", "typescript_sdk_6_to_8.mjs"),
    _npm("8.2.0", "typescript_sdk_6_to_8.mjs"),
    _npm("9.0.0", "typescript_sdk_9.mjs"),
)


def main() -> int:
    """Run every peer, or those whose name contains the argument; return the exit status."""
    status = 0
    wanted = "".join(sys.argv[1:])
    for peer in [peer for peer in PEERS if wanted in peer.name]:
        try:
            complaints = list(run(peer))
        except SetupError as error:
            print(f"NOT RUN {peer.name}: {error}", file=sys.stderr)
            status = 2
            continue
        for complaint in complaints:
            print(f"FAILED {peer.name}: {complaint}", file=sys.stderr)
        status = status or int(bool(complaints))
    return status


def run(peer: Peer) -> Iterator[str]:
    """Run one program against an emulator of its own; yield every failure."""
    peer.environment.set_up()
    with (
        Emulator(clock=ScaledClock(SPEED), seed=peer.name, check_responses=True) as emulator,
        emulator.serve() as serving,
    ):
        with Pinecone("peer", serving.url) as pc:  # pods, which the newest SDKs can only read
            pc.create_index("legacy", dimension=8, spec={"pod": PODS})
        emulator.clock.advance(1)
        emulator.requests.clear()
        told = {"PINECONE_API_KEY": "peer", "PINECONE_CONTROLLER_HOST": serving.url}
        try:
            done = subprocess.run(
                peer.environment.command(peer.program),
                env={**os.environ, **told},
                capture_output=True,
                text=True,
                check=False,
                timeout=PATIENCE,
            )
        except subprocess.TimeoutExpired:
            yield f"{peer.program.name} did not end within {PATIENCE:.0f} s"
            return
        if done.returncode != 0:
            yield f"{peer.program.name} ended with {done.returncode}\n{done.stdout}{done.stderr}"
        calls = list(emulator.requests)
        versions = {call.headers.get("x-pinecone-api-version", "none") for call in calls}
        spoken = " and ".join(sorted(versions))
        print(f"{peer.name}, API {spoken}: {len(calls)} calls ({_counted(calls)})", flush=True)
        yield from _shortcomings(calls)
        yield from _left(serving.url, emulator)


def _shortcomings(calls: list[RecordedRequest]) -> Iterator[str]:
    for call in calls:
        if call.status not in OK and (call.operation, call.status) not in EXPECTED_REFUSALS:
            yield f"{call.method} {call.path} returned {call.status}"
    missing = OPERATIONS - {call.operation for call in calls}
    if missing:
        yield f"it never called {', '.join(sorted(missing))}"
    pages = sum(call.operation == "list_restore_jobs" for call in calls)
    if pages < PAGES:
        yield f"it read {pages} pages of restore jobs, not {PAGES}"


def _left(url: str, emulator: Emulator) -> Iterator[str]:
    emulator.clock.advance(60)
    with Pinecone("peer", url) as pc:
        left = [index.name for index in pc.list_indexes()]
        left += [backup.backup_id for backup in pc.list_backups()]
    if left:
        yield f"it left {', '.join(left)}"


def _counted(calls: list[RecordedRequest]) -> str:
    counts = Counter(call.operation or "unknown" for call in calls)
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))


if __name__ == "__main__":
    sys.exit(main())
