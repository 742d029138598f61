"""Canned answers, made whole by what the pinned contract requires."""

from __future__ import annotations

from typing import Any

from pinecone_control.contract.document import dereference, sample, variant_of
from pinecone_control.contract.shipped_contracts import effective_contract


def completed(schema: str, value: dict[str, Any]) -> dict[str, Any]:
    """Return an object with all that the effective contract requires of its schema."""
    whole: dict[str, Any] = _completed(effective_contract().schemas[schema], value)
    return whole


def _completed(schema: Any, value: Any) -> Any:
    document = effective_contract().document
    if isinstance(value, list):
        members = dereference(document, schema).get("items", {})
        return [_completed(members, member) for member in value]
    if not isinstance(value, dict):
        return value
    variant = variant_of(document, schema, value)
    properties = variant.get("properties", {})
    whole = {name: _completed(properties.get(name, {}), member) for name, member in value.items()}
    for name in variant.get("required", ()):
        if name not in whole:
            whole[name] = sample(document, properties[name], required_only=True)
    return whole
