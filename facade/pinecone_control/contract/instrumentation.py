"""Checks the requests and responses of every client in a process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from pinecone_control import AsyncPinecone, Pinecone
from pinecone_control.contract.transport import AsyncContractTransport, ContractTransport

if TYPE_CHECKING:
    import httpx

    from pinecone_control.contract.coverage import Coverage
    from pinecone_control.contract.violations import ContractViolation

Check = TypeVar("Check", ContractTransport, AsyncContractTransport)


class ClientInstrumentor:
    """Wraps the transport of each client that is created while it is active in a contract check.

    Args:
        coverage: counts what the clients exercise.
        known_deviations: as for `ContractTransport`. Default True.

    Attributes:
        coverage: the parts of the contract that the clients have exercised.
        violations: the violations found, in order of occurrence.
    """

    def __init__(self, coverage: Coverage, *, known_deviations: bool = True) -> None:
        self.coverage = coverage
        self.violations: list[ContractViolation] = []
        self._known_deviations = known_deviations

    def instrument(self) -> None:
        """Check the clients that are created from now on."""
        Pinecone.transport_wrappers.append(self._checked)
        AsyncPinecone.transport_wrappers.append(self._async_checked)

    def uninstrument(self) -> None:
        """Stop checking the clients that are created from now on."""
        Pinecone.transport_wrappers.remove(self._checked)
        AsyncPinecone.transport_wrappers.remove(self._async_checked)

    def _checked(self, inner: httpx.BaseTransport, host: str) -> ContractTransport:
        return self._collecting(ContractTransport, inner, host)

    def _async_checked(self, inner: httpx.AsyncBaseTransport, host: str) -> AsyncContractTransport:
        return self._collecting(AsyncContractTransport, inner, host)

    def _collecting(self, kind: type[Check], inner: Any, host: str) -> Check:
        check = kind(
            inner,
            mode="collect",
            coverage=self.coverage,
            known_deviations=self._known_deviations,
            base_path=urlsplit(host).path,
        )
        check.violations = self.violations
        return check
