"""A local control plane for tests: stateful, on a clock that can be moved, with faults on demand.

``from pinecone_control.emulator import Emulator`` needs the extra ``pinecone-control[emulator]``.
"""

from importlib import import_module
from typing import TYPE_CHECKING

_EXTRA = frozenset({"httptools", "jsonschema_rs"})


def _explained(error: ModuleNotFoundError) -> ImportError:
    """Return what to raise when a module is missing: how to get it, if the extra has it."""
    if error.name not in _EXTRA:
        return error
    return ImportError(
        f"the emulator needs: pip install 'pinecone-control[emulator]' ({error.name} is missing)",
        name=error.name,
    )


try:
    from pinecone_control.emulator.clock import EmulatorClock, ManualClock, RealClock, ScaledClock
    from pinecone_control.emulator.emulator import Emulator
    from pinecone_control.emulator.errors import (
        ContractBrokenError,
        EmulatorDataError,
        EmulatorError,
        PortTakenError,
    )
    from pinecone_control.emulator.faults import Fault
    from pinecone_control.emulator.journal import RecordedRequest
    from pinecone_control.emulator.plans import Plan
    from pinecone_control.emulator.settings import Settings
except ModuleNotFoundError as error:
    raise _explained(error) from error

if TYPE_CHECKING:
    from pinecone_control.emulator.doors.server import Serving, run

__all__ = [
    "ContractBrokenError",
    "Emulator",
    "EmulatorClock",
    "EmulatorDataError",
    "EmulatorError",
    "Fault",
    "ManualClock",
    "Plan",
    "PortTakenError",
    "RealClock",
    "RecordedRequest",
    "ScaledClock",
    "Serving",
    "Settings",
    "run",
]


def __getattr__(name: str) -> object:
    """`run` and `Serving` are imported when used: in-process tests need no HTTP server."""
    if name in {"run", "Serving"}:
        try:
            server = import_module("pinecone_control.emulator.doors.server")
        except ModuleNotFoundError as error:
            raise _explained(error) from error
        return getattr(server, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
