"""Former home of these names, for the emulator until its rooms are rebuilt."""

from pinecone_control.contract.contracts import Contract, effective_contract
from pinecone_control.contract.document import Match, Operation, Schema
from pinecone_control.contract.validation import is_deeper_than

__all__ = ["Contract", "Match", "Operation", "Schema", "effective_contract", "is_deeper_than"]
