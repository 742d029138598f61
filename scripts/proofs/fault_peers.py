"""Compare this client and two releases of the official SDK under the same faults."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from attrs import frozen

from scripts.environments import PythonEnvironment, SetupError
from scripts.peers import OURS, SDK_7, SDK_10
from scripts.proofs.fault_matrix.catalogue import FAULTS, Fault
from scripts.proofs.fault_matrix.matrix import aimed_at
from scripts.proofs.fault_matrix.operations import OPERATIONS, good_server
from scripts.proofs.fault_matrix.server import misbehaving

PATIENCE: Final = 15.0
NOBODY: Final = "http://127.0.0.1:9/"
"""Target of redirects: a port on which nothing listens."""
PROGRAM: Final = Path(__file__).with_name("fault_peer_call.py")
CLIENTS: Final[dict[str, PythonEnvironment]] = {
    "ours": OURS,
    "sdk-10.2.0": SDK_10,
    "sdk-7.3.0": SDK_7,
}
COMPARED: Final = ("create_backup", "list_restore_jobs")
ONCE: Final = (
    "closed after the work",
    "reset in the headers",
    "body shorter than announced",
    "500",
    "502 in HTML",
    "503",
    "503, Retry-After 2",
    "429, Retry-After 1",
)
LASTING: Final = (
    "503",
    "429, Retry-After absurd",
    "headers trickle",
    "HTML instead of JSON",
    "invalid UTF-8",
    "nesting of 100,000",
    "unknown value of a known field",
    "gzip bomb",
    "302 to another host",
)


@frozen
class Ending:
    """How one call of one client ended."""

    outcome: str
    is_foreign: bool
    seconds: float
    received: int
    performed: int

    def __str__(self) -> str:
        outcome = f"{self.outcome} (foreign)" if self.is_foreign else self.outcome
        sends = f"{self.received} sent" if self.received != 1 else ""
        made = f"{self.performed} made" if self.performed > 1 else ""
        late = f"{self.seconds:.0f} s" if self.seconds >= 1 else ""
        return ", ".join(filter(None, [outcome, sends, made, late]))


@frozen
class Comparison:
    """One fault, and the result of each client."""

    operation: str
    fault: str
    mode: str
    endings: dict[str, Ending]


def available() -> bool:
    """Set up the peers' environments; return whether that was possible."""
    try:
        for environment in CLIENTS.values():
            environment.set_up()
    except (OSError, SetupError):
        return False
    return True


def compare() -> list[Comparison]:
    """Run every client under every fault."""
    faults = {fault.name: fault for fault in FAULTS}
    plan = [*((name, "once") for name in ONCE), *((name, "lasting") for name in LASTING)]
    return [
        Comparison(
            operation,
            name,
            mode,
            {client: _run_under_fault(client, operation, faults[name], mode) for client in CLIENTS},
        )
        for operation in COMPARED
        for name, mode in plan
    ]


def _run_under_fault(client: str, operation: str, fault: Fault, mode: str) -> Ending:
    described = next(each for each in OPERATIONS if each.name == operation)
    act = fault.act(described)
    assert act is not None  # noqa: S101 - the faults compared are those of a server
    with misbehaving(good_server(described), again=mode == "lasting") as server:
        server.script.append(aimed_at(NOBODY, act))
        server.listen()
        said = _run(client, operation, server.url)
        writes = [each for each in server.performed if each.method == "POST"]
        return Ending(
            outcome=said["outcome"],
            is_foreign=said["is_foreign"],
            seconds=said["seconds"],
            received=len(server.received),
            performed=len(writes),
        )


def _run(client: str, operation: str, host: str) -> dict[str, Any]:
    command = [str(CLIENTS[client].python), "-W", "ignore", str(PROGRAM), client, operation, host]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=PATIENCE
        )
    except subprocess.TimeoutExpired:
        return {
            "outcome": f"no end within {PATIENCE:.0f} s",
            "is_foreign": False,
            "seconds": 0.0,
        }
    if done.returncode:
        return {"outcome": "crashed", "is_foreign": True, "seconds": 0.0}
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def table(comparisons: list[Comparison]) -> str:
    """Return the comparison as a table in Markdown."""
    names = {"ours": "this package", "sdk-10.2.0": "pinecone 10.2.0", "sdk-7.3.0": "pinecone 7.3.0"}
    lines = [f"| call | fault | {' | '.join(names.values())} |", "|---|---|---|---|---|"]
    for each in comparisons:
        endings = " | ".join(str(each.endings[client]) for client in names)
        lines.append(f"| `{each.operation}` | {each.fault}, {each.mode} | {endings} |")
    return "\n".join(lines)


def sums(comparisons: list[Comparison]) -> str:
    """Return a line for each client that sums up the comparison."""
    parts = []
    for client in CLIENTS:
        endings = [each.endings[client] for each in comparisons]
        duplicates = sum(max(0, ending.performed - 1) for ending in endings)
        foreign = sum(ending.is_foreign for ending in endings)
        endless = sum(ending.outcome.startswith("no end") for ending in endings)
        parts.append(
            f"{client}: duplicates made {duplicates}, foreign exceptions leaked {foreign}, "
            f"without an end {endless}"
        )
    return "\n".join(parts)


if __name__ == "__main__":
    if not available():
        sys.exit("the peers cannot be installed here")
    found = compare()
    print(table(found), sums(found), sep="\n\n")
