"""Describes a violation in words: what was expected, and what was received."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pinecone_control.contract.schema_validator import SchemaViolation

SHOWN: Final = 80
"""Characters of a value that a message shows."""

_BOUNDS: Final = {
    "minimum": "a number of at least {limit}",
    "maximum": "a number of at most {limit}",
    "exclusiveMinimum": "a number above {limit}",
    "exclusiveMaximum": "a number below {limit}",
    "minLength": "text of at least {limit} characters",
    "maxLength": "text of at most {limit} characters",
    "minItems": "at least {limit} items",
    "maxItems": "at most {limit} items",
    "minProperties": "at least {limit} properties",
    "maxProperties": "at most {limit} properties",
    "pattern": "text matching {pattern}",
    "format": "a {format}",
    "multipleOf": "a multiple of {multiple_of}",
    "depth": "a value with less nesting",
    "uniqueItems": "items that differ",
}


def expected(violation: SchemaViolation) -> str:
    """Return what the broken rule requires."""
    facts, keyword = violation.facts, violation.keyword
    if keyword in _BOUNDS:
        return _BOUNDS[keyword].format_map(_Facts(facts))
    words = f"a value that {keyword!r} allows"
    match keyword:
        case "type":
            words = listed([_with_article(name) for name in facts["types"]])
        case "enum":
            words = listed([shown(option) for option in facts["options"]])
        case "const":
            words = shown(facts["expected_value"])
        case "required":
            words = f"the property {facts['property']!r}"
        case "additionalProperties" | "unevaluatedProperties":
            words = "no properties but those of the contract"
        case "anyOf" | "oneOf":
            words = "one of the alternatives of the contract"
    return words


def got(violation: SchemaViolation) -> str:
    """Return what was received instead."""
    match violation.keyword, violation.value:
        case "required", Mapping() as value:
            return f"an object with {listed([repr(name) for name in value], 'and') or 'nothing'}"
        case "additionalProperties" | "unevaluatedProperties", _:
            return listed([repr(name) for name in violation.facts["unexpected"]], "and")
    return shown(violation.value)


def shown(value: object) -> str:
    """Return a value as JSON, shortened."""
    if isinstance(value, bytes):
        value = value[: 2 * SHOWN].decode("utf-8", "replace")
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 3]}..."


def listed(names: list[str], last: str = "or") -> str:
    """Return `a`, `a or b`, `a, b or c`; a long list ends with the number of further names."""
    if len(names) > 12:
        names = [*names[:10], f"{len(names) - 10} more"]
    return f" {last} ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def _with_article(name: str) -> str:
    article = "" if name == "null" else "an " if name[0] in "aeio" else "a "
    return article + name


class _Facts(dict[str, Any]):
    def __getitem__(self, key: str) -> object:
        value = super().__getitem__(key)
        return int(value) if isinstance(value, float) and value.is_integer() else value

    def __missing__(self, key: str) -> str:
        return f"the contract's {key}"
