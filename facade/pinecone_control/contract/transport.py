"""Transports that check what passes through them against the contract."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, Final, Generic, Literal, TypeVar, get_args

import httpx
from attrs import evolve

from pinecone_control._core.credentials import Secret
from pinecone_control._http.body import BoundedBody, UnreadableBodyError
from pinecone_control.contract.checks import Checker, Received, Sent
from pinecone_control.contract.violation import ContractViolation, ContractWarning, Finding
from pinecone_control.errors import PineconeValueError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from pinecone_control.contract.contracts import Contract
    from pinecone_control.contract.coverage import Coverage

InnerTransport = TypeVar("InnerTransport")
Mode = Literal["raise", "collect", "warn"]

MOST_COLLECTED: Final = 10_000
"""Violations that are kept; more of them are counted only."""

_LARGEST_BODY: Final = 4 * 1024 * 1024


class _Watch(Generic[InnerTransport]):
    """What both transports share: how to check, and what to do with what is found.

    Attributes:
        violations: what was found, in modes ``collect`` and ``warn``; the first 10,000.
        coverage: what of the contract has been exercised.
        dropped: how many more violations there were.
    """

    def __init__(
        self,
        inner: InnerTransport,
        *,
        mode: Mode = "raise",
        known_deviations: bool = True,
        coverage: Coverage | None = None,
        contract: Contract | None = None,
        base_path: str = "",
    ) -> None:
        if mode not in get_args(Mode):
            raise PineconeValueError(f"mode must be raise, collect or warn; got {mode!r}")
        self.violations: list[ContractViolation] = []
        self.dropped = 0
        self._inner = inner
        self._mode = mode
        self._checker = Checker(
            contract, known_deviations=known_deviations, coverage=coverage, base_path=base_path
        )
        self.coverage = self._checker.coverage

    def _begun(self, request: httpx.Request) -> _Exchange:
        sent = Sent(
            method=request.method,
            target=request.url.raw_path.decode("ascii", "replace"),
            headers=_plain(request.headers),
            body=request.content,
        )
        operation, findings = self._checker.request(sent)
        exchange = _Exchange(self, operation, Secret(sent.headers.get("api-key", "")))
        exchange.judge(findings)
        return exchange

    def answered(self, operation: str, received: Received) -> list[Finding]:
        """All that is wrong with an answer."""
        return self._checker.answer(operation, received)

    def judge(self, violation: ContractViolation) -> None:
        """Raise a violation, warn of it or keep it, as the mode says."""
        if self._mode == "raise":
            raise violation
        if len(self.violations) < MOST_COLLECTED:
            self.violations.append(violation)
        else:
            self.dropped += 1
        if self._mode == "warn":
            warnings.warn(str(violation), ContractWarning, stacklevel=2)


class ContractTransport(_Watch[httpx.BaseTransport], httpx.BaseTransport):
    """An httpx transport that checks each request and each answer against the contract.

    Put it under the client: ``Pinecone(transport=ContractTransport(httpx.HTTPTransport()))``, or
    around an emulator's door. Each attempt is checked, those of retries too. An answer is checked
    when its body has been read to the end, of which no more than 4 MiB is looked at.

    Args:
        inner: the transport that really sends.
        mode: ``raise`` a `ContractViolation` (a request is then not sent), ``collect`` them in
            `violations`, or ``warn`` with `ContractWarning` and collect. Default raise.
        known_deviations: take the known differences between contract and world for what they are;
            False checks against the contract as it is published. Default True.
        coverage: counts what is exercised; one for several transports, or one of its own.
        contract: another contract than the one that ships with this package.
        base_path: what precedes the contract's paths on this host, such as ``/pinecone``.

    Raises:
        PineconeValueError: another mode.
    """

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Check, send, and check the answer as it is read.

        Raises:
            ContractViolation: in mode ``raise``.
        """
        request.read()
        exchange = self._begun(request)
        response = self._inner.handle_request(request)
        if not exchange.finished_by(response):
            response.stream = _Stream(response.stream, exchange, response)  # type: ignore[arg-type]
        return response

    def close(self) -> None:
        """Close the inner transport."""
        self._inner.close()


class AsyncContractTransport(_Watch[httpx.AsyncBaseTransport], httpx.AsyncBaseTransport):
    """The same as `ContractTransport` for `AsyncPinecone` and other asynchronous clients."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Check, send, and check the answer as it is read.

        Raises:
            ContractViolation: in mode ``raise``.
        """
        await request.aread()
        exchange = self._begun(request)
        response = await self._inner.handle_async_request(request)
        if not exchange.finished_by(response):
            response.stream = _AsyncStream(response.stream, exchange, response)  # type: ignore[arg-type]
        return response

    async def aclose(self) -> None:
        """Close the inner transport."""
        await self._inner.aclose()


class _Exchange:
    """One request on its way; its answer is checked once, when it is complete."""

    def __init__(self, watch: _Watch[Any], operation: str, secret: Secret) -> None:
        self._watch = watch
        self._operation = operation
        self._secret = secret

    def finished_by(self, response: httpx.Response) -> bool:
        """Whether the answer is in memory as a whole; if so, it is checked."""
        try:
            content = response.content
        except httpx.ResponseNotRead:
            return False
        self.finish(response, content)
        return True

    def finish(self, response: httpx.Response, body: bytes | None) -> None:
        received = Received(status=response.status_code, headers=response.headers, body=body)
        self.judge(self._watch.answered(self._operation, received))

    def judge(self, findings: list[Finding]) -> None:
        if findings:
            first, *others = map(self._redacted, findings)
            self._watch.judge(ContractViolation(first, tuple(others)))

    def _redacted(self, finding: Finding) -> Finding:
        """The finding without the API key, in case a server echoes it."""
        return evolve(finding, got=self._secret.redact(finding.got))


class _Body:
    """Collects an answer's body as it passes, for the check at its end."""

    def __init__(self, exchange: _Exchange, response: httpx.Response) -> None:
        self._exchange = exchange
        self._response = response
        self._body: BoundedBody | None = BoundedBody(
            response.headers.get("content-encoding", ""), _LARGEST_BODY
        )

    def feed(self, chunk: bytes) -> None:
        if self._body is not None:
            try:
                self._body.feed(chunk)
            except UnreadableBodyError:
                self._body = None

    def end(self) -> None:
        try:
            whole = None if self._body is None else self._body.whole()
        except UnreadableBodyError:
            whole = None
        self._exchange.finish(self._response, whole)


class _Stream(httpx.SyncByteStream):
    def __init__(
        self, inner: httpx.SyncByteStream, exchange: _Exchange, response: httpx.Response
    ) -> None:
        self._inner = inner
        self._body = _Body(exchange, response)

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._inner:
            self._body.feed(chunk)
            yield chunk
        self._body.end()

    def close(self) -> None:
        self._inner.close()


class _AsyncStream(httpx.AsyncByteStream):
    def __init__(
        self, inner: httpx.AsyncByteStream, exchange: _Exchange, response: httpx.Response
    ) -> None:
        self._inner = inner
        self._body = _Body(exchange, response)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._inner:
            self._body.feed(chunk)
            yield chunk
        self._body.end()

    async def aclose(self) -> None:
        await self._inner.aclose()


def _plain(headers: httpx.Headers) -> dict[str, str]:
    return {name.lower().decode("latin-1"): value.decode("latin-1") for name, value in headers.raw}
