"""Write the module `known_values`: a `Literal` type for each enum of the contract, closed or open.

If a new contract turns a closed `enum` into an open `x-enum`, the generator makes it a plain string
and drops the type that applications import. This module has the type in both cases.
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

_HEAD: Final = '''"""The known values of the contract's enums, closed or open, as types.

A server may send other values too if the contract leaves the enum open.
"""

from typing import Literal, TypeAlias

'''


def known_values_module(contract: Contract, settings: Path) -> str:
    """Return the source of the module.

    Args:
        contract: the contract.
        settings: the generator's settings, which give names to classes.
    """
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
    """Yield the enums of strings: name of the schema, place in it (`StatusState`), values."""
    for name, schema in contract.get("components", {}).get("schemas", {}).items():
        for pointer, node in objects(schema):
            known = known_values(node)
            if known and all(isinstance(value, str) for value in known):
                yield name, _names_in(pointer), known


def _names_in(pointer: str) -> str:
    """Return the names in a JSON pointer, without OpenAPI's keywords, as one word in CamelCase."""
    names, place = "", Place.OBJECT
    for step in split(pointer):
        names += _capitalised(step) if place is Place.NAMES else ""
        place = place.below(step)
    return names


def _capitalised(name: str) -> str:
    return "".join(word[:1].upper() + word[1:] for word in name.split("_"))
