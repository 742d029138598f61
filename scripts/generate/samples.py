"""Example values of a schema: enough of them to show each of its properties at least once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from scripts.spec.contract_file import dereference

if TYPE_CHECKING:
    from scripts.spec.contract_file import Contract

Json: TypeAlias = Any

MAX_DEPTH = 12
"""A schema that contains itself is followed this far."""

_SCALARS: dict[str | None, Json] = {"boolean": True, "integer": 1, "number": 42.5}
_STRINGS: dict[str | None, str] = {
    "date": "2025-05-15",
    "date-time": "2025-05-15T13:59:51.439479+00:00",
    "uuid": "06b08366-a0a9-404d-96c2-e791c71743e5",
}


def samples(contract: Contract, schema: Contract, depth: int = 0) -> list[Json]:
    """Values that together have every property of the schema and take every alternative.

    They have the right types and shapes; lengths, ranges and patterns are not minded. None at all
    below `MAX_DEPTH`.
    """
    schema = dereference(contract, schema)
    if depth > MAX_DEPTH:
        return []
    if narrowed := _narrowed(contract, schema):
        return [value for each in narrowed for value in samples(contract, each, depth + 1)]
    if schema.get("properties"):
        return _objects(contract, schema["properties"], depth)
    return [_simple(contract, schema, depth)]


def is_null(schema: Contract) -> bool:
    """Whether null is the only value of the schema."""
    return schema.get("enum") == [None] or schema.get("type") == "null"


def _narrowed(contract: Contract, schema: Contract) -> list[Contract]:
    """The schema merged with each of its alternatives in turn, null apart; none if it has none."""
    if "allOf" in schema:
        parts = [dereference(contract, part) for part in schema["allOf"]]
        rest = {key: value for key, value in schema.items() if key != "allOf"}
        for part in parts:
            rest = _both(rest, part)
        return [rest]
    for word in ("oneOf", "anyOf"):
        alternatives = [dereference(contract, member) for member in schema.get(word, [])]
        alternatives = [member for member in alternatives if not is_null(member)]
        rest = {key: value for key, value in schema.items() if key != word}
        if alternatives:
            return [_both(_without_others(rest, one, alternatives), one) for one in alternatives]
    return []


def _both(first: Contract, second: Contract) -> Contract:
    properties = {**first.get("properties", {}), **second.get("properties", {})}
    merged = {**first, **second}
    return {**merged, "properties": properties} if properties else merged


def _without_others(schema: Contract, one: Contract, alternatives: list[Contract]) -> Contract:
    # Where alternatives only say which property must be there, each excludes the others' ones.
    others = {name for member in alternatives for name in member.get("required", [])}
    excluded = others - set(one.get("required", []))
    properties = schema.get("properties", {})
    kept = {name: value for name, value in properties.items() if name not in excluded}
    return {**schema, "properties": kept} if properties else schema


def _objects(contract: Contract, properties: dict[str, Contract], depth: int) -> list[Json]:
    choices = {name: samples(contract, value, depth + 1) for name, value in properties.items()}
    count = max(map(len, choices.values()))
    return [
        {name: values[min(index, len(values) - 1)] for name, values in choices.items() if values}
        for index in range(count)
    ]


def _simple(contract: Contract, schema: Contract, depth: int) -> Json:
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type")
    if kind == "array":
        return samples(contract, schema.get("items", {}), depth + 1)
    if kind == "object":
        values = schema.get("additionalProperties")
        members = samples(contract, values, depth + 1) if isinstance(values, dict) else ["text"]
        return {f"key{number}": member for number, member in enumerate(members, 1)}
    return _SCALARS.get(kind) or _STRINGS.get(schema.get("format"), "text")
