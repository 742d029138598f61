"""Contract testing: a transport that checks what passes through it, and what it has covered.

``from pinecone_control.contract import ContractTransport`` needs the extra
``pinecone-control[contract]``. The contract is the pinned OpenAPI document with its corrections.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pinecone_control.contract.coverage import Coverage as Coverage
    from pinecone_control.contract.deviations import Deviation as Deviation
    from pinecone_control.contract.deviations import known_deviations as known_deviations
    from pinecone_control.contract.transport import AsyncContractTransport as AsyncContractTransport
    from pinecone_control.contract.transport import ContractTransport as ContractTransport
    from pinecone_control.contract.violation import ContractViolation as ContractViolation
    from pinecone_control.contract.violation import ContractWarning as ContractWarning
    from pinecone_control.contract.violation import Finding as Finding

_HOMES: Final = {
    "AsyncContractTransport": "transport",
    "ContractTransport": "transport",
    "ContractViolation": "violation",
    "ContractWarning": "violation",
    "Coverage": "coverage",
    "Deviation": "deviations",
    "Finding": "violation",
    "known_deviations": "deviations",
}
__all__ = tuple(sorted(_HOMES))


def __getattr__(name: str) -> object:
    """Names are imported when they are first used: the emulator needs the schemas alone."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
