"""Results in the form of another contract than the one that the emulator was written for.

The emulator knows what API version 2025-04 answers. A later contract may require more: such
properties are made up from their schemas, so that its clients can be tried before the emulator has
learned what they mean.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pinecone_control.contract.document import dereference, sample, variant_of
from pinecone_control.emulator.api.messages import Result
from pinecone_control.emulator.api.versions import OLDEST

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pinecone_control.contract.document import Operation, Schema
    from pinecone_control.contract.shipped_contracts import Contract

_KNOWN: Final = {"state": "Ready", "status": "Ready"}


def completed(contract: Contract, operation: Operation, result: Result) -> Result:
    """Return the result with everything that its schema requires."""
    schema = operation.responses.get(result.status)
    if contract.version == OLDEST or schema is None or result.body is None:
        return result
    return Result(result.status, _completed(contract.document, schema, result.body))


def _completed(document: Mapping[str, Any], schema: Schema, value: object) -> Any:
    if isinstance(value, list):
        items = dereference(document, schema).get("items", {})
        return [_completed(document, items, item) for item in value]
    if not isinstance(value, dict):
        return value
    variant = variant_of(document, schema, value)
    properties = variant.get("properties", {})
    given = {
        name: _completed(document, properties.get(name, {}), each) for name, each in value.items()
    }
    lacking = [name for name in variant.get("required", ()) if name not in value]
    return given | {
        name: sample(document, properties.get(name, {}), _KNOWN, required_only=True)
        for name in lacking
    }
