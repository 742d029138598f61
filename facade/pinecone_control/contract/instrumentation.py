"""Instruments every client of a process: what they send and receive is checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from weakref import WeakSet

from pinecone_control._async.session import AsyncSession
from pinecone_control._sync.session import Session
from pinecone_control.contract.transport import AsyncContractTransport, ContractTransport

if TYPE_CHECKING:
    from pinecone_control._core.settings import Settings
    from pinecone_control.contract.coverage import Coverage
    from pinecone_control.contract.violations import ContractViolation


class ClientInstrumentor:
    """Puts a contract check around the transport of each client that is made while it is on.

    Attributes:
        coverage: what of the contract the clients have exercised.
        violations: what was found, in the order in which it happened.
    """

    def __init__(self, coverage: Coverage, *, known_deviations: bool = True) -> None:
        self.coverage = coverage
        self.violations: list[ContractViolation] = []
        self._known_deviations = known_deviations
        self._originals: dict[type[Any], Any] = {}
        self._checks: WeakSet[object] = WeakSet()

    def instrument(self) -> None:
        """Check the clients that are made from now on."""
        for session, transport in (
            (Session, ContractTransport),
            (AsyncSession, AsyncContractTransport),
        ):
            self._originals[session] = session._configure
            session._configure = self._checking(session._configure, transport)  # type: ignore[method-assign]

    def uninstrument(self) -> None:
        """Check no more of them."""
        for session, original in self._originals.items():
            session._configure = original
        self._originals.clear()

    def _checking(self, configure: Any, transport: Any) -> Any:
        def configured(session: Any, settings: Settings) -> None:
            if session._wire not in self._checks:
                check = transport(
                    session._wire,
                    mode="collect",
                    coverage=self.coverage,
                    known_deviations=self._known_deviations,
                    base_path=urlsplit(settings.host).path,
                )
                check.violations = self.violations
                self._checks.add(check)
                session._wire = check
            configure(session, settings)

        return configured
