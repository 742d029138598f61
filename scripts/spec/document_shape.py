"""Whether a document has OpenAPI's shape: each word holds what everything that reads it relies on.

Checked are types alone, in the words that are read. What a contract may not say for other reasons
is refused where it matters, such as in generator_input.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pinecone_control.contract.document import ENUMS, METHODS, join, objects, split

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import UnionType


def misshapen(document: Mapping[str, Any]) -> Iterator[str]:
    """Yield the JSON pointer of each value of the wrong type, with what it is not."""
    for pointer, each in objects(document):
        for word in each.keys() & _SHAPES.keys():
            shape = _SHAPES[word]
            if word == "required" and each.keys() & _WHAT_IS_REQUIRED_ITSELF:
                shape = "boolean"
            if word == "parameters" and (pointer == "/components" or _is_link(pointer)):
                shape = "mapping"
            if word == "tags" and not pointer:
                shape = "list of mapping"
            yield from _wrong(each[word], shape, join(pointer, word))


def _wrong(value: Any, shape: str, pointer: str) -> Iterator[str]:
    whole, _, member = shape.partition(" of ")
    if not isinstance(value, _TYPES[whole]):
        yield f"{pointer} is no {whole}"
    elif member and isinstance(value, dict | list):
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            if not isinstance(each, _TYPES[member]):
                yield f"{join(pointer, key)} is no {member}"


def _is_link(pointer: str) -> bool:
    return split(pointer)[-2:-1] == ["links"]


_TYPES: Final[dict[str, type | UnionType]] = {
    "text": str,
    "boolean": bool,
    "number": int | float,
    "plain value": str | int | float | None,
    "mapping": dict,
    "list": list,
    "mapping or boolean": dict | bool,
    "text or list": str | list,
}
_WORDS: Final = {
    "text": "$ref operationId in name format pattern style propertyName url",
    "boolean": "nullable readOnly writeOnly deprecated explode uniqueItems",
    "number": "minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength "
    "minItems maxItems minProperties maxProperties",
    "mapping": "info components discriminator schema items not requestBody externalDocs "
    + " ".join(METHODS),
    "mapping or boolean": "additionalProperties",
    "mapping of mapping": "paths webhooks callbacks content headers links properties "
    "patternProperties responses requestBodies schemas securitySchemes variables $defs",
    "list of mapping": "allOf anyOf oneOf parameters prefixItems servers security",
    "list of plain value": " ".join(ENUMS),
    "list of text": "required tags",
    "text or list of text": "type",
}
"""The words of OpenAPI and JSON Schema by what they hold; `list of text` is a list of texts."""

_SHAPES: Final = {word: shape for shape, words in _WORDS.items() for word in words.split()}
_WHAT_IS_REQUIRED_ITSELF: Final = frozenset({"in", "content", "schema"})
"""Words of parameters, headers and bodies, whose `required` is no list of properties."""
