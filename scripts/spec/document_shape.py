"""Check the structure of an OpenAPI document: the types of its values, and its fixed names.

Code that reads a contract relies on the types of the keywords that it reads. A path, method, status
or security scheme with a wrong name would be lost without a word. Other requirements are checked
where they matter, such as in generator_input.py.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from pinecone_control.contract.document import ENUMS, METHODS, join, objects, split

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import UnionType


def shape_errors(document: Mapping[str, Any]) -> Iterator[str]:
    """Yield a message for each value of the wrong type, then for each wrong name.

    Each message is the JSON pointer and what is wrong there.
    """
    for pointer, each in objects(document):
        for word in each.keys() & _SHAPES.keys():
            shape = _SHAPES[word]
            if word == "required" and (each.keys() & _WITH_BOOLEAN_REQUIRED or _is_body(pointer)):
                shape = "boolean"
            if word == "parameters" and (pointer == "/components" or _is_link(pointer)):
                shape = "mapping"
            if word == "tags" and not pointer:
                shape = "list of mapping"
            yield from _type_errors(each[word], shape, join(pointer, word))
    schemes = document.get("components", {}).get("securitySchemes", {})
    for pointer, each in objects(document):
        yield from _name_errors(pointer, each, schemes)


def _name_errors(
    pointer: str, each: Mapping[str, Any], schemes: Mapping[str, Any]
) -> Iterator[str]:
    match split(pointer):
        case ["paths", path]:
            if not _PATH.fullmatch(path):
                yield f"{pointer} has braces that do not enclose the name of a parameter"
            yield from _path_errors(pointer, each)
        case ["components", "pathItems", _]:
            yield from _path_errors(pointer, each)
        case [*_, kind, _] if kind != "securitySchemes" and "type" in each:
            kinds = each["type"] if isinstance(each["type"], list) else [each["type"]]
            if not kinds or not _SCHEMA_TYPES.issuperset(kinds):
                yield f"{pointer}/type names no type of JSON Schema"
    for status in each.get("responses", {}) if pointer != "/components" else ():
        if not _STATUS.fullmatch(status):
            yield f"{join(pointer, 'responses', status)} is not a status code"
    for index, requirement in enumerate(each.get("security", ())):
        for name in requirement.keys() - schemes.keys():
            yield f"{join(pointer, 'security', index, name)} is not a security scheme"


def _path_errors(pointer: str, path: Mapping[str, Any]) -> Iterator[str]:
    for word in path:
        if "$ref" in path and word in {*METHODS, "parameters", "servers"}:
            yield f"{join(pointer, word)} is beside a reference, which takes its place"
        elif word not in _OF_PATHS and not word.startswith("x-"):
            yield f"{join(pointer, word)} is not a method of OpenAPI 3.0 or 3.1"


def _type_errors(value: Any, shape: str, pointer: str) -> Iterator[str]:
    whole, _, member = shape.partition(" of ")
    if not isinstance(value, _TYPES[whole]):
        yield f"{pointer} is not a {whole}"
    elif member and isinstance(value, dict | list):
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            if not isinstance(each, _TYPES[member]):
                yield f"{join(pointer, key)} is not a {member}"


def _is_body(pointer: str) -> bool:
    return split(pointer)[-1:] == ["requestBody"] or split(pointer)[-2:-1] == ["requestBodies"]


def _is_link(pointer: str) -> bool:
    return split(pointer)[-2:-1] == ["links"]


_PATH: Final = re.compile(r"(?:[^{}]|\{[^{}]+\})*")
_STATUS: Final = re.compile(r"default|[1-5](?:XX|[0-9]{2})")
_OF_PATHS: Final = frozenset({*METHODS, "$ref", "parameters", "servers", "summary", "description"})
_SCHEMA_TYPES: Final = frozenset(
    {"array", "boolean", "integer", "null", "number", "object", "string"}
)

_TYPES: Final[dict[str, type | UnionType]] = {
    "string": str,
    "boolean": bool,
    "number": int | float,
    "scalar": str | int | float | None,
    "mapping": dict,
    "list": list,
    "mapping or boolean": dict | bool,
    "string or list": str | list,
}
_KEYWORDS: Final = {
    "string": "$ref operationId in name format pattern style propertyName url",
    "boolean": "nullable readOnly writeOnly deprecated explode uniqueItems",
    "number": "minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength "
    "minItems maxItems minProperties maxProperties",
    "mapping": "info components discriminator schema items not requestBody externalDocs "
    + " ".join(METHODS),
    "mapping or boolean": "additionalProperties",
    "mapping of mapping": "paths webhooks callbacks content headers links properties "
    "patternProperties responses requestBodies schemas securitySchemes variables $defs",
    "list of mapping": "allOf anyOf oneOf parameters prefixItems servers security",
    "list of scalar": " ".join(ENUMS),
    "list of string": "required tags",
    "string or list of string": "type",
}
"""The keywords of OpenAPI and JSON Schema, by the type of their values."""

_SHAPES: Final = {word: shape for shape, words in _KEYWORDS.items() for word in words.split()}
_WITH_BOOLEAN_REQUIRED: Final = frozenset({"in", "content", "schema"})
"""Keywords of parameters, headers and bodies, whose `required` is not a list of properties."""
