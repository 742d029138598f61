"""Objects as a server answers them, completed by what the effective contract requires."""

from __future__ import annotations

from typing import Any

from pinecone_control.contract import document
from pinecone_control.contract.shipped_contracts import effective_contract


def completed(schema: str, value: dict[str, Any]) -> dict[str, Any]:
    """Return an object with all properties that its schema in the effective contract requires."""
    contract = effective_contract()
    whole: dict[str, Any] = document.completed(contract.document, contract.schemas[schema], value)
    return whole
