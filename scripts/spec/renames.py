"""Find what was renamed, or moved, between two contracts: schemas, security schemes, operations."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from pinecone_control.contract.document import operations, references
from scripts.spec.contract_file import canonical_json, structure

if TYPE_CHECKING:
    from pinecone_control.contract.document import Operation
    from scripts.spec.contract_file import Contract

ALIKE: Final = 0.8
"""A schema counts as renamed if at least this share of the properties is equal."""

_SCHEMA: Final = "#/components/schemas/"
_PARAMETER: Final = re.compile(r"\{([^}]+)\}")


def renamed_schemas(old: Contract, new: Contract) -> dict[str, str]:
    """Return the new names of renamed schemas, by old name; see `ALIKE`.

    Of several schemas that are equally alike, the one with most references at the same places is
    chosen.
    """
    old_schemas, new_schemas = schemas_of(old), schemas_of(new)
    old_places, new_places = _referring_places(old), _referring_places(new)
    renamed: dict[str, str] = {}
    for name, schema in old_schemas.items():
        if name in new_schemas:
            continue
        scores = {
            other: (_likeness(schema, stated), len(old_places[name] & new_places[other]))
            for other, stated in new_schemas.items()
            if other not in old_schemas and other not in renamed.values()
        }
        best = max(scores, key=lambda other: scores[other], default="")
        if best and scores[best][0] >= ALIKE:
            renamed[name] = best
    return renamed


def with_new_names(contract: Contract, renamed: dict[str, str]) -> Contract:
    """Return a copy of the contract in which renamed schemas have their new names."""

    def copy(node: Any) -> Any:
        if isinstance(node, list):
            return [copy(member) for member in node]
        if not isinstance(node, dict):
            return node
        copied = {key: copy(value) for key, value in node.items()}
        name = str(node.get("$ref", "")).removeprefix(_SCHEMA)
        if name in renamed:
            copied["$ref"] = f"{_SCHEMA}{renamed[name]}"
        return copied

    copied: Contract = copy(contract)
    schemas = copied.get("components", {}).get("schemas", {})
    for before, after in renamed.items():
        schemas[after] = schemas.pop(before)
    return copied


def renamed_security_schemes(old: Contract, new: Contract) -> dict[str, str]:
    """Return the new names of security schemes that changed in nothing else, by old name."""
    before, after = (
        contract.get("components", {}).get("securitySchemes", {}) for contract in (old, new)
    )
    came = {canonical_json(after[name]): name for name in after if name not in before}
    return {
        name: came.pop(canonical_json(before[name]))
        for name in before
        if name not in after and canonical_json(before[name]) in came
    }


def with_new_security_schemes(contract: Contract, renamed: dict[str, str]) -> Contract:
    """Return a copy of the contract, in normal form, with the new names of security schemes."""

    def copy(named: Contract) -> Contract:
        return {renamed.get(name, name): value for name, value in named.items()}

    def signed(owner: Contract) -> Contract:
        if not isinstance(owner, dict) or "security" not in owner:
            return owner
        return {**owner, "security": [copy(each) for each in owner["security"]]}

    if not renamed:
        return contract
    paths = {
        path: {word: signed(value) for word, value in item.items()}
        for path, item in contract["paths"].items()
    }
    components = contract["components"]
    schemes = {"securitySchemes": copy(components["securitySchemes"])}
    return {**signed(contract), "paths": paths, "components": {**components, **schemes}}


def _referring_places(contract: Contract) -> defaultdict[str, set[str]]:
    """Return the places of the references to each schema, by its name."""
    places: defaultdict[str, set[str]] = defaultdict(set)
    for pointer, reference in references(contract):
        places[reference.removeprefix(_SCHEMA)].add(pointer)
    return places


def _likeness(one: Contract, other: Contract) -> float:
    """Return 1.0 for schemas with the same structure, otherwise the share of equal properties."""
    if canonical_json(structure(one)) == canonical_json(structure(other)):
        return 1.0
    mine, theirs = one.get("properties", {}), other.get("properties", {})
    same = [name for name in mine if name in theirs and mine[name] == theirs[name]]
    return len(same) / max(len(mine), len(theirs), 1)


def schemas_of(contract: Contract) -> dict[str, Contract]:
    """Return the schemas of a contract, by name."""
    schemas: dict[str, Contract] = contract.get("components", {}).get("schemas", {})
    return schemas


# ------------------------------------------------------------------------------------- operations


def moved_operations(old: Contract, new: Contract) -> list[tuple[Operation, Operation]]:
    """Return the operations that moved to another path or method, as they were and as they are."""
    before = {each.pointer: each for each in operations(old)}
    after = {each.pointer: each for each in operations(new)}
    gone = {each.operation_id: each for each in before.values() if each.pointer not in after}
    came = {each.operation_id: each for each in after.values() if each.pointer not in before}
    return [(gone[name], came[name]) for name in gone if name and name in came]


def with_new_places(contract: Contract, moved: list[tuple[Operation, Operation]]) -> Contract:
    """Return a copy of the contract in which moved operations are at their new places.

    A path parameter that has another name in the new path is renamed.
    """
    paths = {path: {**item} for path, item in contract.get("paths", {}).items()}
    for was, now in moved:
        stated = paths[was.path].pop(was.method.lower())
        names, others = (_PARAMETER.findall(each.path) for each in (was, now))
        gone = [name for name in names if name not in others]
        came = [name for name in others if name not in names]
        renamed = dict(zip(gone, came, strict=False))
        if parameters := stated.get("parameters"):
            stated = {**stated, "parameters": [_renamed(each, renamed) for each in parameters]}
        paths.setdefault(now.path, {})[now.method.lower()] = stated
    return {**contract, "paths": paths}


def _renamed(parameter: Contract, names: dict[str, str]) -> Contract:
    if parameter.get("in") != "path" or parameter.get("name") not in names:
        return parameter
    return {**parameter, "name": names[parameter["name"]]}
