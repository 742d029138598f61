"""Contracts for tests: one that never changes, and what the pinned one asks for."""

import json
from pathlib import Path
from typing import Any

from pinecone_control.contract.contracts import effective_contract
from pinecone_control.contract.document import dereference, sample, variant_of

FROZEN = Path(__file__).with_name("contract_2025-04.json")
"""The published contract 2025-04 without its prose, but for what OpenAPI asks for."""


FROZEN_PIN = Path(__file__).with_name("pin_2025-04.toml")
"""A pin of it."""


def frozen_contract() -> dict[str, Any]:
    """Return a fresh copy of it."""
    contract: dict[str, Any] = json.loads(FROZEN.read_text("utf-8"))
    return contract


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
