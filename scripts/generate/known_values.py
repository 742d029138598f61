"""The module of known values: a type for each enum of the contract, closed or open.

A contract may turn a closed `enum` into an open `x-enum`: the generator then makes a plain string
of it, and the type that applications name is gone. Here it stays, whatever the enum is written as.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import yaml

from pinecone_control.contract.document import Place, known_values, objects, split

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scripts.spec.contract_file import Contract

_HEAD: Final = '''"""The values that the contract knows for its enums, closed or open, as types.

Where the contract leaves an enum open, a server may send other values too.
"""

from typing import Literal, TypeAlias

'''


def known_values_module(contract: Contract, settings: Path) -> str:
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
        for pointer, node in objects(schema):
            known = known_values(node)
            if known and all(isinstance(value, str) for value in known):
                yield name, _names_in(pointer), known


def _names_in(pointer: str) -> str:
    """The names in a JSON pointer without OpenAPI's own words, as one word."""
    names, place = "", Place.OBJECT
    for step in split(pointer):
        names += _capitalised(step) if place is Place.NAMES else ""
        place = place.below(step)
    return names


def _capitalised(name: str) -> str:
    return "".join(word[:1].upper() + word[1:] for word in name.split("_"))
