"""Compare the pinned contract with the published one: `make spec-verify UPSTREAM=...`.

Only structure is compared: what the contract requires of clients and servers. Prose, examples,
order without meaning and YAML style are ignored. Exits with 0 if the structures are equal; with 1
if they differ, after a list of the differences; with 2 if a file cannot be used.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pinecone_control.contract.document import METHODS, join, operations, split
from scripts.project import PIN
from scripts.spec.contract_file import (
    Contract,
    ContractFileError,
    parse_contract,
    read_bytes,
    read_contract,
    structural_digest,
)
from scripts.spec.differences import Difference, differences
from scripts.spec.pin import read_pin

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

EQUAL, DIFFERENT, BAD_INPUT = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code."""
    parser = argparse.ArgumentParser(prog="spec-verify", description=__doc__.partition("\n")[0])
    parser.add_argument("upstream", metavar="UPSTREAM", help="path or URL of an OpenAPI contract")
    parser.add_argument("--pin", type=Path, default=PIN, help="default: openapi/pin.toml")
    options = parser.parse_args(arguments)
    try:
        pin = read_pin(options.pin)
        pinned = read_contract(options.pin.parent / pin["file"])
        content = read_bytes(options.upstream)
        upstream = parse_contract(content, options.upstream)
    except ContractFileError as error:
        print(f"spec-verify: {error}", file=sys.stderr)
        return BAD_INPUT
    found = list(differences(pinned, upstream))
    print(_report(found, pinned, upstream) if found else _agreement(pinned))
    for note in _notes(pin, pinned, content):
        print(f"note: {note}")
    return DIFFERENT if found else EQUAL


# -------------------------------------------------------------------------------------- reporting


def _report(found: list[Difference], pinned: Contract, upstream: Contract) -> str:
    names = {
        operation.pointer: f"{operation.method} {operation.path} ({operation.operation_id})"
        for operation in [*operations(upstream), *operations(pinned)]
    }
    sections: defaultdict[str, list[str]] = defaultdict(list)
    for difference in found:
        line = f"  {difference.pointer}: {difference.text}"
        sections[_section(difference.pointer, names)].append(line)
    blocks = ["\n".join([title, *lines]) for title, lines in sections.items()]
    count = "1 difference" if len(found) == 1 else f"{len(found)} differences"
    return "\n\n".join([*blocks, f"{count} between the pinned contract and upstream"])


def _section(pointer: str, operation_names: dict[str, str]) -> str:
    match split(pointer):
        case ["paths", path, method, *_] if method in METHODS:
            return operation_names.get(join("", "paths", path, method), f"{method.upper()} {path}")
        case ["paths", path, *_]:
            return path
        case ["components", "schemas", name, *_]:
            return f"schema {name}"
        case ["components", kind, name, *_]:
            return f"{kind} {name}"
        case _:
            return "the document"


def _agreement(pinned: Contract) -> str:
    schemas = pinned.get("components", {}).get("schemas", {})
    return (
        f"upstream has the structure of the pinned contract: {len(list(operations(pinned)))} "
        f"operations, {len(schemas)} schemas, {structural_digest(pinned)}"
    )


def _notes(pin: dict[str, Any], pinned: Contract, content: bytes) -> Iterator[str]:
    recorded, now = pin["upstream"]["sha256"], hashlib.sha256(content).hexdigest()
    if now != recorded:
        yield f"upstream's file is another edition: sha256 {now}, pin.toml records {recorded}"
    if structural_digest(pinned) != pin["structural_digest"]:
        yield (
            f"the pinned contract's structural digest is {structural_digest(pinned)}; "
            f"pin.toml records {pin['structural_digest']}"
        )


if __name__ == "__main__":
    sys.exit(main())
