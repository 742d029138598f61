"""Pinecone's official SDKs against the emulator, over HTTP: do they take it for the real service?

``python -m scripts.proofs.official_sdks`` installs each SDK into an environment of its own under
``build/`` (once; a stamp says which version is there), runs its program of
``scripts/proofs/sdk_programs/`` against an emulator that checks every answer, and prints how many
calls it made. The exit status is 1 when a program fails, 2 when an SDK cannot be installed.
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
from pinecone_control.emulator import Emulator, RecordedRequest, ScaledClock
from scripts.environments import NodeEnvironment, PythonEnvironment, SetupError
from scripts.peers import SDK_7, SDK_10, SDK_TYPESCRIPT

PROGRAMS: Final = Path(__file__).parent / "sdk_programs"

SPEED: Final = 60
PATIENCE: Final = 120.0
OK: Final = range(200, 300)

# Deleted indexes are asked for until they are gone: that 404 is what the program waits for.
EXPECTED_REFUSALS: Final = frozenset({("describe_index", 404)})

MAIN_JOB: Final = frozenset(
    {
        "create_index",
        "create_index_for_model",
        "describe_index",
        "list_indexes",
        "configure_index",
        "delete_index",
        "create_backup",
        "list_index_backups",
        "list_project_backups",
        "describe_backup",
        "delete_backup",
        "create_index_from_backup_operation",
        "list_restore_jobs",
        "describe_restore_job",
    }
)
PAGES: Final = 3


@frozen
class Peer:
    """One official SDK.

    Attributes:
        name: what is installed, with its version.
        environment: where it is installed.
        program: what uses it.
    """

    name: str
    environment: PythonEnvironment | NodeEnvironment
    program: Path


PEERS: Final = (
    Peer(SDK_7.requirements[0], SDK_7, PROGRAMS / "python_sdk_7.py"),
    Peer(SDK_10.requirements[0], SDK_10, PROGRAMS / "python_sdk_10.py"),
    Peer(SDK_TYPESCRIPT.package, SDK_TYPESCRIPT, PROGRAMS / "typescript_sdk_6.mjs"),
)


def main() -> int:
    """Run every peer; return the exit status."""
    status = 0
    for peer in PEERS:
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
    """Run one program against an emulator of its own; yield what is wrong."""
    peer.environment.set_up()
    with (
        Emulator(clock=ScaledClock(SPEED), seed=peer.name, check_responses=True) as emulator,
        emulator.serve() as serving,
    ):
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
        print(f"{peer.name}: {len(calls)} calls ({_counted(calls)})", flush=True)
        yield from _shortcomings(calls)
        yield from _left(serving.url, emulator)


def _shortcomings(calls: list[RecordedRequest]) -> Iterator[str]:
    for call in calls:
        if call.status not in OK and (call.operation, call.status) not in EXPECTED_REFUSALS:
            yield f"{call.method} {call.path} was answered {call.status}"
    missing = MAIN_JOB - {call.operation for call in calls}
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
