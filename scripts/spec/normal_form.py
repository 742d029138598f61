"""Contracts in the normal form in which they are compared: what can be written in two ways is not.

- References to components other than schemas are followed, and those components left out.
- Parameters of a path belong to each of its operations.
- `allOf` of objects is one object; of one schema it is this schema.
- The header of the API version is left out: the client sends it itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pinecone_control.contract.document import Place, dereference, operations, resolve
from scripts.generate.generator_input import is_version_header
from scripts.spec.contract_file import canonical_json, without_prose

if TYPE_CHECKING:
    from scripts.spec.contract_file import Contract

_SCHEMA: Final = "#/components/schemas/"
_KEPT_COMPONENTS: Final = frozenset({"schemas", "securitySchemes"})
_OF_MERGED: Final = frozenset({"type", "properties", "required", "allOf"})


def normalized(contract: Contract) -> Contract:
    """Return the contract in normal form, without its prose."""
    bare: Contract = without_prose(contract)
    paths: Contract = {
        path: dereference(bare, item) for path, item in bare.get("paths", {}).items()
    }
    for each in operations(bare):
        stated = {**each.definition}
        stated["parameters"] = [
            parameter
            for parameter in stated["parameters"]
            if not is_version_header(bare, parameter)
        ]
        if not stated["parameters"]:
            del stated["parameters"]
        paths[each.path] = {**paths[each.path], each.method.lower(): stated}
    components = bare.get("components", {})
    whole = {
        **bare,
        "paths": {path: _without(item, "parameters") for path, item in paths.items()},
        "components": {word: components[word] for word in components if word in _KEPT_COMPONENTS},
    }
    form: Contract = _followed(bare, whole, Place.OBJECT, ())
    return form


def aligned(contract: Contract, other: Contract) -> Contract:
    """Return the contract with each schema written in place that the other one writes in place."""
    form: Contract = _aligned(contract, contract, other, 0)
    return form


def _followed(contract: Contract, node: Any, place: Place, followed: tuple[str, ...]) -> Any:
    if place is Place.VALUE:
        return node
    if isinstance(node, list):
        return [_followed(contract, member, place.member, followed) for member in node]
    if not isinstance(node, dict):
        return node
    reference = str(node.get("$ref", _SCHEMA))
    if place is Place.OBJECT and not reference.startswith(_SCHEMA) and reference not in followed:
        target = resolve(contract, reference)
        return _followed(contract, target, Place.OBJECT, (*followed, reference))
    copied = {
        key: _followed(contract, value, place.below(key), followed) for key, value in node.items()
    }
    return _merged(contract, copied) if place is Place.OBJECT and "allOf" in copied else copied


def _merged(contract: Contract, schema: Contract) -> Contract:
    """Return `allOf` as one schema, where its parts don't contradict each other."""
    members, rest = schema["allOf"], _without(schema, "allOf")
    if len(members) == 1 and not rest:
        only: Contract = members[0]
        return only
    parts = [_merged_part(contract, member, ()) for member in (*members, rest)]
    if any(part is None for part in parts):
        return schema
    properties: dict[str, Any] = {}
    for part in parts:
        for name, value in (part or {}).get("properties", {}).items():
            if canonical_json(properties.setdefault(name, value)) != canonical_json(value):
                return schema
    required = sorted({name for part in parts for name in (part or {}).get("required", ())})
    whole = {"type": "object", "properties": properties}
    return {**whole, "required": required} if required else whole


def _merged_part(contract: Contract, schema: Any, followed: tuple[str, ...]) -> Contract | None:
    """Return a part of `allOf` if it is a plain object, else None."""
    if not isinstance(schema, dict):
        return None
    reference = schema.get("$ref")
    if isinstance(reference, str):
        if reference in followed:
            return None
        return _merged_part(contract, resolve(contract, reference), (*followed, reference))
    if "allOf" in schema:
        schema = _merged(contract, schema)
    plain = schema.keys() <= _OF_MERGED - {"allOf"} and schema.get("type", "object") == "object"
    return schema if plain else None


def _aligned(contract: Contract, node: Any, other: Any, depth: int) -> Any:
    if isinstance(node, list) and isinstance(other, list) and len(node) == len(other):
        pairs = zip(node, other, strict=True)
        return [_aligned(contract, mine, theirs, depth) for mine, theirs in pairs]
    if not isinstance(node, dict) or not isinstance(other, dict):
        return node
    if "$ref" in node and "$ref" not in other and depth < _DEEPEST:
        return _aligned(contract, dereference(contract, node), other, depth + 1)
    return {
        key: _aligned(contract, value, other[key], depth) if key in other else value
        for key, value in node.items()
    }


def _without(mapping: Contract, name: str) -> Contract:
    return {key: value for key, value in mapping.items() if key != name}


_DEEPEST: Final = 12
"""How many references into each other are written in place."""
