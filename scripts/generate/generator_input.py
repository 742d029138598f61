"""The contract as openapi-python-client can take it in without losing any of it.

The contract itself stays as it is. What is rewritten here are schemas that the generator would turn
into `Any`, into unions that no class can be read from, or into a class with a cumbersome name.
"""

from __future__ import annotations

import keyword
from typing import TYPE_CHECKING, Any

from pinecone_control.contract.document import Place, dereference, join, split
from scripts.spec.contract_file import structure

if TYPE_CHECKING:
    from scripts.spec.contract_file import Contract

VERSION_HEADER = "x-pinecone-api-version"
"""The client sends this header itself, so that it is no argument of any function."""

_TAKEN = frozenset(
    {"additional_properties", "from_dict", "from_json", "from_response", "replace", "to_dict"}
)


class GeneratorInputError(Exception):
    """The contract says what a generated class cannot. The message names the JSON pointer."""


def generator_input(contract: Contract) -> Contract:
    """A copy of the contract for the generator.

    - `oneOf` and `anyOf` over objects become one object with the properties of all, required where
      every alternative requires them. (As a union, the generator keeps none of them readable.)
    - An object written into another schema gets a title, after its place: the class's name.
    - An optional property is not nullable as well: the field is None in both cases.
    - The API version header is no parameter.

    Raises:
        GeneratorInputError: a property cannot be the name of a field, or alternatives contradict
            each other.
    """
    rewritten: Contract = _rewritten(contract, contract, "", Place.OBJECT)
    return rewritten


def _rewritten(contract: Contract, node: Any, pointer: str, place: Place) -> Any:
    if place is Place.VALUE:
        return node
    if isinstance(node, list):
        return [
            _rewritten(contract, member, join(pointer, str(index)), place.member)
            for index, member in enumerate(node)
            if not is_version_header(contract, member)
        ]
    if not isinstance(node, dict):
        return node
    if place is Place.OBJECT:
        node = _without_null_alternative(_one_object(contract, node, pointer))
    rewritten = {
        key: _rewritten(contract, value, join(pointer, key), place.below(key))
        for key, value in node.items()
    }
    if place is Place.OBJECT and isinstance(rewritten.get("properties"), dict):
        rewritten["properties"] = _fields(rewritten, join(pointer, "properties"))
    if place is Place.OBJECT and rewritten.get("type") == "object":
        rewritten.update(_title(pointer))
    return rewritten


def _title(pointer: str) -> dict[str, str]:
    """The name of a class for an object written into another schema: `IndexModel` + `Spec`."""
    start, _, place = pointer.partition("/components/schemas/")
    steps = split("/" + place)
    if start or len(steps) == 1:
        return {}
    return {"title": "".join(s[:1].upper() + s[1:] for s in steps if s != "properties")}


def is_version_header(contract: Contract, node: object) -> bool:
    """Return whether it is the header parameter that states the API version."""
    if not isinstance(node, dict):
        return False
    parameter = dereference(contract, node)
    return parameter.get("in") == "header" and (
        str(parameter.get("name")).lower() == VERSION_HEADER
    )


def _one_object(contract: Contract, schema: Contract, pointer: str) -> Contract:
    """The schema with its object alternatives merged into it."""
    for word in ("oneOf", "anyOf"):
        written = schema.get(word, [])
        alternatives = [_one_object(contract, dereference(contract, a), pointer) for a in written]
        if not alternatives or not all(map(_is_object, alternatives)):
            continue
        properties = dict(schema.get("properties", {}))
        for alternative in alternatives:
            for name, value in alternative.get("properties", {}).items():
                _refuse_contradiction(properties.setdefault(name, value), value, pointer, name)
        required = set.intersection(*(set(a.get("required", [])) for a in alternatives))
        schema = {
            **{key: schema[key] for key in schema if key not in {word, "discriminator"}},
            "type": "object",
            "properties": properties,
            "required": [*schema.get("required", []), *sorted(required)],
        }
    return schema


def _is_object(schema: Contract) -> bool:
    if _is_null(schema) or schema.get("allOf"):
        return False
    return schema.get("type", "object" if "required" in schema else None) == "object"


def _refuse_contradiction(first: Contract, second: Contract, pointer: str, name: str) -> None:
    if structure(first) != structure(second):
        raise GeneratorInputError(f"{pointer}: its alternatives disagree about {name!r}")


def _is_null(schema: Contract) -> bool:
    return schema.get("enum") == [None] or schema.get("type") == "null"


def _without_null_alternative(schema: Contract) -> Contract:
    """`anyOf` of one schema and null as that schema, nullable."""
    for word in ("oneOf", "anyOf"):
        others = [member for member in schema.get(word, []) if not _is_null(member)]
        if len(others) == 1 and len(schema[word]) > 1:
            rest = {key: schema[key] for key in schema if key != word}
            return {**rest, "allOf": others, "nullable": True}
    return schema


def _fields(schema: Contract, pointer: str) -> Contract:
    required = schema.get("required", [])
    for name in schema["properties"]:
        if not name.isidentifier() or keyword.iskeyword(name) or name[0] == "_" or name in _TAKEN:
            raise GeneratorInputError(f"{join(pointer, name)}: {name!r} cannot name a field")
    return {
        name: value
        if name in required or not isinstance(value, dict)
        else {key: value[key] for key in value if key != "nullable"}
        for name, value in schema["properties"].items()
    }
