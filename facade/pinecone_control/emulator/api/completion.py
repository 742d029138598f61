"""Results in the form of another contract than the one that the emulator was written for.

The emulator knows what API version 2025-04 answers. A later contract may require more: such
properties are made up from their schemas, so that its clients can be tried before the emulator has
learned what they mean.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pinecone_control.contract import document
from pinecone_control.emulator.api.messages import Result
from pinecone_control.emulator.api.versions import OLDEST

if TYPE_CHECKING:
    from pinecone_control.contract.document import Operation
    from pinecone_control.contract.shipped_contracts import Contract

_KNOWN: Final = {"state": "Ready", "status": "Ready"}


def completed(contract: Contract, operation: Operation, result: Result) -> Result:
    """Return the result with everything that its schema requires."""
    schema = operation.responses.get(result.status)
    if contract.version == OLDEST or schema is None or result.body is None:
        return result
    body = document.completed(contract.document, schema, result.body, _KNOWN)
    return Result(result.status, body)
