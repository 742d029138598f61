"""Check that the values of OpenAPI's keywords in a document have the right JSON types.

Code that reads a contract relies on these types. Only the keywords that it reads are checked. Other
requirements are checked where they matter, such as in generator_input.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pinecone_control.contract.document import ENUMS, METHODS, join, objects, split

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import UnionType


def shape_errors(document: Mapping[str, Any]) -> Iterator[str]:
    """Yield a message for each value of the wrong type: its JSON pointer, and the right type."""
    for pointer, each in objects(document):
        for word in each.keys() & _SHAPES.keys():
            shape = _SHAPES[word]
            if word == "required" and each.keys() & _WITH_BOOLEAN_REQUIRED:
                shape = "boolean"
            if word == "parameters" and (pointer == "/components" or _is_link(pointer)):
                shape = "mapping"
            if word == "tags" and not pointer:
                shape = "list of mapping"
            yield from _type_errors(each[word], shape, join(pointer, word))


def _type_errors(value: Any, shape: str, pointer: str) -> Iterator[str]:
    whole, _, member = shape.partition(" of ")
    if not isinstance(value, _TYPES[whole]):
        yield f"{pointer} is not a {whole}"
    elif member and isinstance(value, dict | list):
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            if not isinstance(each, _TYPES[member]):
                yield f"{join(pointer, key)} is not a {member}"


def _is_link(pointer: str) -> bool:
    return split(pointer)[-2:-1] == ["links"]


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
