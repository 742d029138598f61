"""Compares the pinned contract with the one upstream publishes: `make spec-verify UPSTREAM=...`.

Only structure counts: what the contract demands of a client or a server. Prose, examples, order
without meaning and YAML style do not. Exits with 0 when the structures are equal, with 1 and the
list of differences when they are not, with 2 when a file cannot be used.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import tomllib
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pinecone_control.contract.document import METHODS, Place, join, operations, split
from scripts.spec.contract_file import (
    Contract,
    ContractFileError,
    canonical_json,
    is_unordered,
    parse_contract,
    read_bytes,
    read_contract,
    structural_digest,
    without_prose,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

PIN = Path(__file__).parents[2] / "openapi" / "pin.toml"
EQUAL, DIFFERENT, BAD_INPUT = 0, 1, 2
SHOWN_CHARACTERS = 100


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
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


def read_pin(path: Path) -> dict[str, Any]:
    """What `pin.toml` records.

    Raises:
        ContractFileError: it is missing, no TOML, or lacks a key this command needs.
    """
    try:
        pin = tomllib.loads(read_bytes(path).decode())
        _ = pin["file"], pin["structural_digest"], pin["upstream"]["sha256"]
    except KeyError as error:
        raise ContractFileError(f"{path}: has no {error}") from error
    except ValueError as error:
        raise ContractFileError(f"{path}: is no TOML: {error}") from error
    return pin


# -------------------------------------------------------------------------------------- comparing


ABSENT: Final = object()
"""The value of a side that says nothing."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One point where two contracts demand different things.

    Attributes:
        pointer: JSON pointer into the pinned contract, or into upstream for what only that has.
        text: what each side says there.
        pinned: the value there in the pinned contract; `ABSENT` where it has none.
        upstream: the same of upstream.
    """

    pointer: str
    text: str
    pinned: Any = ABSENT
    upstream: Any = ABSENT


def differences(pinned: Contract, upstream: Contract) -> Iterator[Difference]:
    """Every difference in structure, in the order of the pinned contract."""
    return compare(without_prose(pinned), without_prose(upstream))


def compare(pinned: Contract, upstream: Contract) -> Iterator[Difference]:
    """Every difference, those of prose too."""
    return _compare(pinned, upstream, "", Place.OBJECT)


def _compare(pinned: Any, upstream: Any, pointer: str, place: Place) -> Iterator[Difference]:
    if isinstance(pinned, dict) and isinstance(upstream, dict):
        yield from _compare_mappings(pinned, upstream, pointer, place)
    elif isinstance(pinned, list) and isinstance(upstream, list):
        yield from _compare_lists(pinned, upstream, pointer, place)
    elif canonical_json(pinned) != canonical_json(upstream):
        text = f"pinned {_show(pinned)}, upstream {_show(upstream)}"
        yield Difference(pointer, text, pinned, upstream)


def _compare_mappings(
    pinned: Contract, upstream: Contract, pointer: str, place: Place
) -> Iterator[Difference]:
    for key in [*pinned, *(key for key in upstream if key not in pinned)]:
        below = join(pointer, key)
        if key not in upstream:
            yield _only("pinned", below, pinned[key])
        elif key not in pinned:
            yield _only("upstream", below, upstream[key])
        else:
            both_lists = isinstance(pinned[key], list) and isinstance(upstream[key], list)
            compare = _compare_sets if both_lists and is_unordered(key, place) else _compare
            yield from compare(pinned[key], upstream[key], below, place.below(key))


def _compare_lists(
    pinned: list[Any], upstream: list[Any], pointer: str, place: Place
) -> Iterator[Difference]:
    for index in range(max(len(pinned), len(upstream))):
        below = join(pointer, str(index))
        if index >= len(upstream):
            yield _only("pinned", below, pinned[index])
        elif index >= len(pinned):
            yield _only("upstream", below, upstream[index])
        else:
            yield from _compare(pinned[index], upstream[index], below, place.member)


def _compare_sets(
    pinned: list[Any], upstream: list[Any], pointer: str, place: Place
) -> Iterator[Difference]:
    pairs = _pairs(pinned, upstream)
    for here, there in sorted(pairs.items()):
        member = pinned[here]
        whose = f" ({_identity(member)})" if _identity(member) else ""
        below = join(pointer, str(here))
        for found in _compare(member, upstream[there], below, place.member):
            yield replace(found, text=found.text + whose)
    for side, members, paired in (
        ("pinned", pinned, pairs.keys()),
        ("upstream", upstream, set(pairs.values())),
    ):
        for index, member in enumerate(members):
            if index not in paired:
                below = join(pointer, str(index)) if isinstance(member, dict) else pointer
                found = _only(side, below, member)
                yield replace(found, text=f"{_noun(pointer, member)} only in {side}")


def _only(side: str, pointer: str, value: Any) -> Difference:
    text = f"only in {side}: {_show(value)}"
    if side == "pinned":
        return Difference(pointer, text, pinned=value)
    return Difference(pointer, text, upstream=value)


def _pairs(pinned: list[Any], upstream: list[Any]) -> dict[int, int]:
    """Which member of one list belongs to which of the other, by their indexes.

    Equal members belong together, then those that name the same thing; of the nameless objects
    that remain, the first with the first.
    """
    pairs: dict[int, int] = {}
    labels: tuple[Callable[[Any], str], ...] = (canonical_json, _identity, _nameless)
    for label in labels:
        waiting = {
            index: label(member)
            for index, member in enumerate(upstream)
            if index not in pairs.values()
        }
        for index, member in enumerate(pinned):
            if index not in pairs and (mine := label(member)):
                match = next((other for other, theirs in waiting.items() if theirs == mine), None)
                if match is not None:
                    pairs[index] = match
                    del waiting[match]
    return pairs


def _identity(member: object) -> str:
    """What a parameter, a reference or a tag is known by; `""` for all else."""
    if not isinstance(member, dict):
        return ""
    name, position = member.get("name"), member.get("in")
    if name and position:
        return f'{position} parameter "{name}"'
    return str(member.get("$ref") or name or "")


def _nameless(member: object) -> str:
    return "nameless" if isinstance(member, dict) and not _identity(member) else ""


def _noun(pointer: str, member: object) -> str:
    nouns = {"enum": "enum value ", "required": "required property ", "tags": "tag "}
    return nouns.get(split(pointer)[-1], "") + (_identity(member) or _show(member))


def _show(value: object) -> str:
    text = canonical_json(value)
    return text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 3] + "..."


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
