"""Values that hypothesis draws for a schema of the contract: valid or with one error."""

import copy
import string
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from pinecone_control.contract.document import (
    Schema,
    allows_null,
    dereference,
    known_values,
    variants,
)
from pinecone_control.contract.shipped_contracts import Contract

_NAMES = st.text(string.ascii_lowercase + "-_", min_size=1, max_size=12)
_TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=30)
_MOMENTS = st.integers(946_684_800, 4_102_444_800).map(
    lambda seconds: datetime.fromtimestamp(seconds, UTC)
)
_FREE = st.dictionaries(_NAMES, st.one_of(st.integers(0, 9), _TEXTS, st.booleans()), max_size=3)
_INTEGERS = {"int32": 2**31 - 1, "int64": 2**63 - 1}


def fitting(contract: Contract, schema: Schema) -> st.SearchStrategy[Any]:
    """Return a strategy for valid values; each optional property is present or not."""
    every = st.one_of([_of_variant(contract, each) for each in variants(contract.document, schema)])
    return st.one_of(st.none(), every) if allows_null(contract.document, schema) else every


def _of_variant(contract: Contract, schema: Schema) -> st.SearchStrategy[Any]:
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    match schema.get("type"):
        case "integer":
            largest = _INTEGERS.get(schema.get("format", ""), 2**53)
            return st.integers(schema.get("minimum", -largest), schema.get("maximum", largest))
        case "number":
            low, high = schema.get("minimum", -1e6), schema.get("maximum", 1e6)
            return st.floats(low, high, allow_nan=False).map(lambda value: value + 0.0)
        case "boolean":
            return st.booleans()
        case "array":
            return st.lists(fitting(contract, schema.get("items", {})), max_size=3)
        case "string":
            return _strings(schema)
    return _objects(contract, schema)


def _strings(schema: Schema) -> st.SearchStrategy[str]:
    if schema.get("format") == "date-time":
        return _MOMENTS.map(lambda moment: moment.isoformat())
    if known := known_values(schema):
        return st.one_of(st.sampled_from(known), _NAMES)
    if pattern := schema.get("pattern"):
        return st.from_regex(pattern, fullmatch=True)
    least, most = schema.get("minLength", 0), schema.get("maxLength", 30)
    return st.text(string.ascii_lowercase + string.digits, min_size=least, max_size=most)


def _objects(contract: Contract, schema: Schema) -> st.SearchStrategy[dict[str, Any]]:
    properties = schema.get("properties", {})
    values = schema.get("additionalProperties")
    if not properties:
        if isinstance(values, Mapping):
            return st.dictionaries(_NAMES, fitting(contract, values), max_size=3)
        return _FREE
    strategies = {name: fitting(contract, below) for name, below in properties.items()}
    required = set(schema.get("required", ()))
    return st.fixed_dictionaries(
        {name: strategies[name] for name in strategies if name in required},
        optional={name: strategies[name] for name in strategies if name not in required},
    )


# ------------------------------------------------------------------------ values that just do not


def invalid_copies(contract: Contract, schema: Schema, value: Any) -> list[Any]:
    """Return copies of a value with one error each: a property is missing, or of another type."""
    schema = dereference(contract.document, schema)
    found = []
    for name, below in schema.get("properties", {}).items() if isinstance(value, dict) else ():
        if name not in value:
            continue
        if name in schema.get("required", ()):
            found.append({k: v for k, v in value.items() if k != name})
        for broken in _wrong(contract, below, value[name]):
            changed = copy.deepcopy(value)
            changed[name] = broken
            found.append(changed)
    return found


def _wrong(contract: Contract, schema: Schema, value: Any) -> list[Any]:
    stated = dereference(contract.document, schema)
    kinds = {"string": 7, "integer": "seven", "number": "seven", "boolean": "yes", "array": 7}
    if stated.get("type") in kinds and not stated.get("anyOf"):
        return [kinds[stated["type"]]]
    return invalid_copies(contract, stated, value)
