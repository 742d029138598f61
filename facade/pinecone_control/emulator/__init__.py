"""A local control plane for tests: stateful, on a clock that can be moved, with faults on demand.

``from pinecone_control.emulator import Emulator`` needs the extra ``pinecone-control[emulator]``.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pinecone_control.emulator.api.request_log import RecordedRequest as RecordedRequest
    from pinecone_control.emulator.clock import EmulatorClock as EmulatorClock
    from pinecone_control.emulator.clock import ManualClock as ManualClock
    from pinecone_control.emulator.clock import RealClock as RealClock
    from pinecone_control.emulator.clock import ScaledClock as ScaledClock
    from pinecone_control.emulator.emulator import Emulator as Emulator
    from pinecone_control.emulator.errors import ContractBrokenError as ContractBrokenError
    from pinecone_control.emulator.errors import EmulatorDataError as EmulatorDataError
    from pinecone_control.emulator.errors import EmulatorError as EmulatorError
    from pinecone_control.emulator.errors import PortTakenError as PortTakenError
    from pinecone_control.emulator.scenarios.faults import Fault as Fault
    from pinecone_control.emulator.scenarios.plans import Plan as Plan
    from pinecone_control.emulator.servers.http_server import RunningServer as RunningServer
    from pinecone_control.emulator.servers.http_server import run as run
    from pinecone_control.emulator.settings import Settings as Settings

_HOMES: Final = {
    "ContractBrokenError": "errors",
    "Emulator": "emulator",
    "EmulatorClock": "clock",
    "EmulatorDataError": "errors",
    "EmulatorError": "errors",
    "Fault": "scenarios.faults",
    "ManualClock": "clock",
    "Plan": "scenarios.plans",
    "PortTakenError": "errors",
    "RealClock": "clock",
    "RecordedRequest": "api.request_log",
    "RunningServer": "servers.http_server",
    "ScaledClock": "clock",
    "Settings": "settings",
    "run": "servers.http_server",
}
__all__ = tuple(sorted(_HOMES))

_EXTRA: Final = frozenset({"aiohttp", "jsonschema_rs"})


def __getattr__(name: str) -> object:
    """Import a name when it is first used: tests in one process need no HTTP server."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    except ModuleNotFoundError as error:
        if error.name not in _EXTRA:
            raise
        raise ImportError(
            "the emulator needs: pip install 'pinecone-control[emulator]' "
            f"({error.name} is missing)",
            name=error.name,
        ) from error


def __dir__() -> list[str]:
    return list(__all__)
