"""The server under test: sends one request at a time, checks the response, and keeps the report."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.parse import quote, urlsplit

import httpx
import msgspec
from attrs import evolve, frozen

from pinecone_control._core import header_names
from pinecone_control._core.credentials import Secret
from pinecone_control.contract.coverage import Coverage
from pinecone_control.contract.exchange_checker import Checker
from pinecone_control.contract.message_checks import (
    LARGEST_BODY,
    ReceivedResponse,
    SentRequest,
)
from pinecone_control.contract.server_check.report import ConformanceReport, Outcome, ProbeResult
from pinecone_control.contract.shipped_contracts import effective_contract, pinned_contract
from pinecone_control.contract.violations import Mismatch
from pinecone_control.errors import PineconeConnectionError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from pinecone_control import Pinecone

_TIMEOUT: Final = 30.0


@frozen(kw_only=True)
class ProbeResponse:
    """One response; `status` is 0 and `value` None where none came.

    Attributes:
        operation: the contract's name of the operation.
        status: HTTP status.
        value: the decoded body; None for one that is no JSON.
        broken: what is wrong with it.
        known: what a check against the published contract finds as well.
    """

    operation: str
    status: int
    value: Any
    broken: tuple[Mismatch, ...] = ()
    known: tuple[Mismatch, ...] = ()

    @property
    def is_success(self) -> bool:
        return httpx.codes.is_success(self.status)

    def items(self, name: str) -> list[Any]:
        """Return the items of a listing under a name; none where there is no such list."""
        items = self.value.get(name) if isinstance(self.value, dict) else None
        return [each for each in items if isinstance(each, dict)] if isinstance(items, list) else []

    def at(self, *names: str) -> Any:
        """Return the value under these names, one in the other; None where there is none."""
        value = self.value
        for name in names:
            value = value.get(name) if isinstance(value, dict) else None
        return value

    def mismatch(self, pointer: str, expected: str, got: str) -> Mismatch:
        """Return a mismatch of this response that no schema can state."""
        return Mismatch(
            operation=self.operation,
            side="response",
            status=self.status or None,
            part="body" if pointer else "status",
            pointer=pointer,
            keyword="meaning" if pointer else "status",
            expected=expected,
            got=got,
        )


class ServerUnderTest:
    """The server under test, and the report about it.

    Args:
        host: URL, with the path that precedes the contract's, if any.
        api_key: sent with every request that is to be signed; never shown.
        transport: what really sends.
        pause: waits so many seconds. Default: real time.
        known_deviations: count known differences as `deviates`; with False, as `breaks`.
    """

    def __init__(
        self,
        host: str,
        api_key: str,
        transport: httpx.BaseTransport,
        *,
        pause: Callable[[float], None] = time.sleep,
        known_deviations: bool = True,
    ) -> None:
        base_path = urlsplit(host).path
        self.coverage = Coverage()
        self.report = ConformanceReport(host, effective_contract().version, self.coverage)
        self.pause = pause
        self._api_key = Secret(api_key)
        self._tolerant = known_deviations
        self._published = Checker(pinned_contract(), known_deviations=False, base_path=base_path)
        self._effective = Checker(base_path=base_path, coverage=self.coverage)
        self._client = httpx.Client(
            base_url=host, transport=transport, timeout=_TIMEOUT, follow_redirects=False
        )

    @classmethod
    def of(cls, client: Pinecone, **settings: Any) -> Self:
        """Return the server that a client talks to, with its key and over its transport."""
        configured = client._settings  # noqa: SLF001 - of this package
        return cls(
            configured.host,
            configured.api_key.reveal(),
            client._wire,  # noqa: SLF001 - of this package
            **settings,
        )

    def ask(
        self,
        operation: str,
        *path: str,
        query: Mapping[str, str | int] | None = None,
        body: object = None,
        is_signed: bool = True,
    ) -> ProbeResponse:
        """Send a request for an operation, with values for its path in their order."""
        request = self._request(operation, path, query or {}, body, is_signed=is_signed)
        self._effective.request(SentRequest.of(request))
        try:
            response, content = self._exchange(request)
        except httpx.HTTPError as error:
            nothing = ProbeResponse(operation=operation, status=0, value=None)
            came = f"none: {error or type(error).__name__}"
            return evolve(nothing, broken=(nothing.mismatch("", "an answer", came),))
        received = ReceivedResponse.of(response, content)
        return ProbeResponse(
            operation=operation,
            status=response.status_code,
            value=_decoded(content),
            broken=self._mismatches(self._effective, operation, received),
            known=self._mismatches(self._published, operation, received),
        )

    def note(
        self,
        response: ProbeResponse,
        probe: str,
        statuses: Collection[int],
        *further: Mismatch | None,
    ) -> ProbeResponse:
        """Put the result of a probe into the report.

        Args:
            response: what came.
            probe: what was tried, in a few words.
            statuses: those that are right for it.
            further: what is wrong beyond the contract's schemas.
        """
        broken = [*response.broken, *(mismatch for mismatch in further if mismatch is not None)]
        if response.status and response.status not in statuses:
            expected = " or ".join(map(str, sorted(statuses)))
            broken.append(response.mismatch("", expected, str(response.status)))
        known: Outcome = "deviates" if self._tolerant else "breaks"
        result = ProbeResult(
            operation=response.operation,
            probe=probe,
            outcome="breaks" if broken else known if response.known else "conforms",
            status=response.status or None,
            mismatches=tuple(broken) or response.known,
        )
        self.report.results.append(result)
        return response

    def skip(self, operation: str, probe: str, reason: str) -> None:
        """Put a probe that could not be made into the report."""
        result = ProbeResult(operation=operation, probe=probe, outcome="skipped", reason=reason)
        self.report.results.append(result)

    def reach(self) -> None:
        """Make sure that there is a server at all.

        Raises:
            PineconeConnectionError: there is none.
        """
        response = self.ask("list_indexes")
        if not response.status:
            raise PineconeConnectionError(
                f"{self.report.host}: {response.broken[0].got}",
                hint="Check the host, and whether the server runs.",
            )

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _request(
        self,
        operation: str,
        values: tuple[str, ...],
        query: Mapping[str, str | int],
        body: object,
        *,
        is_signed: bool,
    ) -> httpx.Request:
        stated = effective_contract().operations[operation]
        path = stated.path
        for value in values:
            path = re.sub(r"\{\w+\}", quote(value, safe=""), path, count=1)
        headers = {header_names.API_VERSION: self.report.api_version, "accept": "application/json"}
        if is_signed:
            headers[header_names.API_KEY] = self._api_key.reveal()
        return self._client.build_request(
            stated.method, path, params=query or None, json=body, headers=headers
        )

    def _exchange(self, request: httpx.Request) -> tuple[httpx.Response, bytes]:
        response = self._client.send(request, stream=True)
        try:
            content = bytearray()
            for chunk in response.iter_bytes():
                content += chunk
                if len(content) > LARGEST_BODY:
                    break
        finally:
            response.close()
        return response, bytes(content)

    def _mismatches(
        self, checker: Checker, operation: str, received: ReceivedResponse
    ) -> tuple[Mismatch, ...]:
        found = checker.response(operation, received)
        return tuple(each.redacted(self._api_key) for each in found)


def _decoded(content: bytes) -> object:
    try:
        return msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
