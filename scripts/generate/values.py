"""The module of known values: a type for each enum of the contract, closed or open.

A contract may turn a closed `enum` into an open `x-enum`: the generator then makes a plain string
of it, and the type that applications name is gone. Here it stays, whatever the enum is written as.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import yaml

from pinecone_control.contract.document import Place

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scripts.spec.contract_file import Contract

ENUMS: Final = ("x-extensible-enum", "x-enum", "enum")
"""What states the values of a schema; the first that does counts."""

_HEAD: Final = '''"""The values that the contract knows for its enums, closed or open, as types.

Where the contract leaves an enum open, a server may send other values too.
"""

from typing import Literal, TypeAlias

'''


def values_module(contract: Contract, settings: Path) -> str:
    """The source of the module, for the names that the generator's settings give to classes."""
    named = yaml.safe_load(settings.read_text("utf-8"))["class_overrides"]
    names = {place: override["class_name"] for place, override in named.items()}
    values: dict[str, list[str]] = {}
    for schema, place, known in _enums(contract):
        name = names.get(schema + place) or names.get(schema, schema) + place
        values[name] = sorted({*values.get(name, []), *known})
    lines = (f"{name}: TypeAlias = {_literal(values[name])}\n" for name in sorted(values))
    return _HEAD + "".join(lines)


def _literal(values: list[str]) -> str:
    return "Literal[" + ", ".join(map(json.dumps, values)) + "]"


def _enums(contract: Contract) -> Iterator[tuple[str, str, list[str]]]:
    """Enums of strings: the schema, the place in it (`StatusState`), the values."""
    for name, schema in contract.get("components", {}).get("schemas", {}).items():
        for place, known in _enums_in(schema, "", Place.OBJECT):
            yield name, place, known


def _enums_in(node: Any, at: str, place: Place) -> Iterator[tuple[str, list[str]]]:
    if isinstance(node, list):
        for member in node:
            yield from _enums_in(member, at, place.member)
    if not isinstance(node, dict) or place is Place.VALUE:
        return
    known = next((node[word] for word in ENUMS if word in node), None)
    if place is Place.OBJECT and known and all(isinstance(value, str) for value in known):
        yield at, known
    for key, value in node.items():
        named = at + _capitalised(key) if place is Place.NAMES else at
        yield from _enums_in(value, named, place.below(key))


def _capitalised(name: str) -> str:
    return "".join(word[:1].upper() + word[1:] for word in name.split("_"))
