"""The server under test: sends one request at a time, checks the response, and keeps the report."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.parse import quote, urlsplit

import httpx
from attrs import evolve, frozen

from pinecone_control._core import header_names
from pinecone_control._core.credentials import Secret
from pinecone_control._http.bodies import BoundedBody, UnreadableBodyError
from pinecone_control._http.deadline import attempt_of
from pinecone_control.contract.coverage import Coverage
from pinecone_control.contract.exchange_checker import Checker
from pinecone_control.contract.message_checks import (
    LARGEST_BODY,
    UNREADABLE,
    ReceivedResponse,
    SentRequest,
    decoded,
)
from pinecone_control.contract.server_check.report import ConformanceReport, Outcome, ProbeResult
from pinecone_control.contract.shipped_contracts import effective_contract, pinned_contract
from pinecone_control.contract.violation_texts import shown
from pinecone_control.contract.violations import Mismatch
from pinecone_control.errors import PineconeConnectionError, UnauthorizedError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from pinecone_control import Pinecone

TIMEOUT: Final = 30.0
"""Seconds for one request and its complete response."""


@frozen(kw_only=True)
class ProbeResponse:
    """One response; `status` is 0 and `value` None if none was received.

    Attributes:
        operation: the operation id.
        status: HTTP status.
        value: the decoded body; None if it is not JSON.
        error_text: the body of an error response, shortened, for messages.
        broken: mismatches with the effective contract.
        known: mismatches with the published contract.
    """

    operation: str
    status: int
    value: Any
    error_text: str = ""
    broken: tuple[Mismatch, ...] = ()
    known: tuple[Mismatch, ...] = ()

    @property
    def is_success(self) -> bool:
        return httpx.codes.is_success(self.status)

    def items(self, name: str) -> list[Any]:
        """Return the items of the list under a name; empty if there is no such list."""
        items = self.value.get(name) if isinstance(self.value, dict) else None
        return [each for each in items if isinstance(each, dict)] if isinstance(items, list) else []

    def at(self, *names: str) -> Any:
        """Return the nested value under these names, or None."""
        value = self.value
        for name in names:
            value = value.get(name) if isinstance(value, dict) else None
        return value

    def with_error_text(self, mismatch: Mismatch) -> Mismatch:
        """Return a mismatch of this response; one of the status gets the server's error text."""
        is_status = mismatch.part == "status" and self.error_text
        return evolve(mismatch, got=f"{mismatch.got} {self.error_text}") if is_status else mismatch

    def mismatch(self, pointer: str, expected: str, got: str) -> Mismatch:
        """Return a mismatch of this response that no schema can express."""
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
        api_key: sent with every authenticated request; never shown.
        transport: the transport that sends the requests.
        headers: further headers of every request, such as a gateway requires. Default: none.
        pause: function that waits a number of seconds. Default: `time.sleep`.
        known_deviations: count known deviations as `deviates`; with False, as `breaks`.
    """

    def __init__(
        self,
        host: str,
        api_key: str,
        transport: httpx.BaseTransport,
        *,
        headers: Mapping[str, str] | None = None,
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
            base_url=host,
            headers=headers,
            transport=transport,
            timeout=TIMEOUT,
            follow_redirects=False,
        )

    @classmethod
    def of(cls, client: Pinecone, **settings: Any) -> Self:
        """Return the server that a client talks to, with the client's key, headers, transport."""
        configured = client._settings  # noqa: SLF001 - of this package
        return cls(
            configured.host,
            configured.api_key.reveal(),
            client._wire,  # noqa: SLF001 - of this package
            headers=configured.headers,
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
        """Send a request for an operation, with the values of its path parameters in order."""
        request = self._request(operation, path, query, body, is_signed=is_signed)
        self._effective.request(SentRequest.of(request))
        try:
            response, content = self._exchange(request)
        except (httpx.HTTPError, UnreadableBodyError) as error:
            nothing = ProbeResponse(operation=operation, status=0, value=None)
            got = f"none: {_reason(error)}"
            return evolve(nothing, broken=(nothing.mismatch("", "a response", got),))
        received = ReceivedResponse.of(response, content)
        value = None if (body := decoded(content)) is UNREADABLE else body
        return ProbeResponse(
            operation=operation,
            status=response.status_code,
            value=value,
            error_text=shown(content if value is None else value) if response.is_error else "",
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
            response: the response.
            probe: what was tried, in a few words.
            statuses: the expected statuses.
            further: mismatches that no schema can express.
        """
        broken = [*response.broken, *(mismatch for mismatch in further if mismatch is not None)]
        has_status = any(mismatch.part == "status" for mismatch in broken)
        if response.status and response.status not in statuses and not has_status:
            expected = " or ".join(map(str, sorted(statuses)))
            broken.append(response.mismatch("", expected, str(response.status)))
        broken = [response.with_error_text(mismatch) for mismatch in broken]
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
        """Check that the server answers, and that it accepts the key.

        Raises:
            PineconeConnectionError: no response within 30 seconds.
            UnauthorizedError: it refuses the key.
        """
        host = self.report.host
        try:
            response, content = self._exchange(self._request("list_indexes"))
        except (httpx.TimeoutException, httpx.ConnectError, httpx.ProxyError) as error:
            raise PineconeConnectionError(
                f"no response from {host}: {_reason(error)}",
                hint="Check the host, and whether the server runs.",
                operation="list_indexes",
                host=host,
            ) from error
        except (httpx.HTTPError, UnreadableBodyError):
            return  # the server is there; the probes report what is wrong with its responses
        if response.status_code == httpx.codes.UNAUTHORIZED:
            message = shown(content)
            raise UnauthorizedError(
                f"{host} refuses the API key: {message}",
                status_code=response.status_code,
                code=None,
                message=message,
                operation="list_indexes",
                host=host,
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
        values: tuple[str, ...] = (),
        query: Mapping[str, str | int] | None = None,
        body: object = None,
        *,
        is_signed: bool = True,
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
        with attempt_of(TIMEOUT):
            response = self._client.send(request, stream=True)
            try:
                # An in-process transport may return the body complete and decompressed.
                is_whole = response.is_stream_consumed
                coding = "" if is_whole else response.headers.get("content-encoding", "")
                body = BoundedBody(coding, LARGEST_BODY)
                for chunk in [response.content] if is_whole else response.iter_raw():
                    body.feed(chunk)
            finally:
                response.close()
        # Redact before anything is shortened: half a key would not be found.
        return response, self._api_key.redact_bytes(body.whole())

    def _mismatches(
        self, checker: Checker, operation: str, received: ReceivedResponse
    ) -> tuple[Mismatch, ...]:
        found = checker.response(operation, received)
        return tuple(each.redacted(self._api_key) for each in found)


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__
