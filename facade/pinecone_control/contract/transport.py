"""httpx transports that check requests and responses against the contract."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, Final, Generic, Literal, TypeVar, get_args

import httpx

from pinecone_control._core.credentials import Secret
from pinecone_control._core.header_names import API_KEY
from pinecone_control._http.bodies import BoundedBody, UnreadableBodyError
from pinecone_control.contract.exchange_checker import Checker
from pinecone_control.contract.message_checks import LARGEST_BODY, ReceivedResponse, SentRequest
from pinecone_control.contract.violations import ContractViolation, ContractWarning, Mismatch
from pinecone_control.errors import PineconeValueError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from pinecone_control.contract.coverage import Coverage
    from pinecone_control.contract.shipped_contracts import Contract

InnerTransport = TypeVar("InnerTransport")
Mode = Literal["raise", "collect", "warn"]

MOST_COLLECTED: Final = 10_000
"""Number of violations that are kept; further ones are only counted."""


class _CheckingTransport(Generic[InnerTransport]):
    """Base of both transports: it checks exchanges and handles violations.

    Attributes:
        violations: the violations found in modes ``collect`` and ``warn``; the first 10,000.
        coverage: the parts of the contract that were exercised.
        dropped: the number of further violations.
    """

    _inner_type: type[Any]

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
        if not isinstance(inner, self._inner_type):
            wanted = f"httpx.{self._inner_type.__name__}"
            raise PineconeValueError(
                f"a {type(self).__name__} wraps an {wanted}; got {type(inner).__name__}"
            )
        self.violations: list[ContractViolation] = []
        self.dropped = 0
        self._inner = inner
        self._mode = mode
        self._checker = Checker(
            contract, known_deviations=known_deviations, coverage=coverage, base_path=base_path
        )
        self.coverage = self._checker.coverage

    def _begin(self, request: httpx.Request) -> _Exchange:
        """Check a request whose body has been read."""
        sent = SentRequest.of(request)
        operation, mismatches = self._checker.request(sent)
        exchange = _Exchange(self, operation, Secret(sent.headers.get(API_KEY.lower(), "")))
        exchange.report(mismatches)
        return exchange

    def received(self, operation: str, received: ReceivedResponse) -> list[Mismatch]:
        """Return all mismatches of a response."""
        return self._checker.response(operation, received)

    def report(self, violation: ContractViolation) -> None:
        """Raise a violation, warn about it or collect it, depending on the mode."""
        if self._mode == "raise":
            raise violation
        if len(self.violations) < MOST_COLLECTED:
            self.violations.append(violation)
        else:
            self.dropped += 1
        if self._mode == "warn":
            warnings.warn(str(violation), ContractWarning, stacklevel=2)


class ContractTransport(_CheckingTransport[httpx.BaseTransport], httpx.BaseTransport):
    """An httpx transport that checks each request and each response against the contract.

    Pass it to the client, as in ``Pinecone(transport=ContractTransport(httpx.HTTPTransport()))``;
    it can also wrap an emulator's transport. It checks each attempt, including retries. It checks a
    response when the body has been read to the end, and only the first 4 MiB of the body.

    Args:
        inner: the transport that sends the requests.
        mode: ``raise`` a `ContractViolation` (a request is then not sent), ``collect`` them in
            `violations`, or ``warn`` with `ContractWarning` and collect. Default raise.
        known_deviations: whether known deviations from the published contract are allowed; False
            checks against the contract as published. Default True.
        coverage: counts what is exercised; several transports can share one. Default a new one.
        contract: the contract to check against. Default the one that ships with this package.
        base_path: what precedes the contract's paths on this host, such as ``/pinecone``.

    Raises:
        PineconeValueError: `mode` is unknown, or `inner` is not an httpx transport.
    """

    _inner_type = httpx.BaseTransport

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Check the request, send it, and check the response as it is read.

        Raises:
            ContractViolation: in mode ``raise``.
        """
        request.read()
        exchange = self._begin(request)
        return exchange.checked(self._inner.handle_request(request))

    def close(self) -> None:
        """Close the inner transport."""
        self._inner.close()


class AsyncContractTransport(
    _CheckingTransport[httpx.AsyncBaseTransport], httpx.AsyncBaseTransport
):
    """The same as `ContractTransport` for `AsyncPinecone` and other asynchronous clients."""

    _inner_type = httpx.AsyncBaseTransport

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Check the request, send it, and check the response as it is read.

        Raises:
            ContractViolation: in mode ``raise``.
        """
        await request.aread()
        exchange = self._begin(request)
        return exchange.checked(await self._inner.handle_async_request(request))

    async def aclose(self) -> None:
        """Close the inner transport."""
        await self._inner.aclose()


class _Exchange:
    """One request and its response, which is checked once, when it is complete."""

    def __init__(self, transport: _CheckingTransport[Any], operation: str, api_key: Secret) -> None:
        self._transport = transport
        self._operation = operation
        self._api_key = api_key

    def checked(self, response: httpx.Response) -> httpx.Response:
        """Return the response; it is checked now if its body is in memory, else when it is read."""
        try:
            content = response.content
        except httpx.ResponseNotRead:
            response.stream = _CheckedStream(response, self)
        else:
            self.finish(response, content)
        return response

    def finish(self, response: httpx.Response, body: bytes | None) -> None:
        # Redact before anything is shortened: half a key would not be found.
        redacted = None if body is None else self._api_key.redact_bytes(body)
        received = ReceivedResponse.of(response, redacted)
        self.report(self._transport.received(self._operation, received))

    def report(self, mismatches: list[Mismatch]) -> None:
        if mismatches:
            redacted = (each.redacted(self._api_key) for each in mismatches)
            self._transport.report(ContractViolation(*redacted))


class _CheckedStream(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A response's stream, sync or async; the response is checked when all of it has been read."""

    def __init__(self, response: httpx.Response, exchange: _Exchange) -> None:
        self._response = response
        self._exchange = exchange
        self._inner: Any = response.stream
        coding = response.headers.get("content-encoding", "")
        self._body: BoundedBody | None = BoundedBody(coding, LARGEST_BODY)

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._inner:
            self._feed(chunk)
            yield chunk
        self._end()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        chunks: Any = aiter(self._inner)
        try:
            async for chunk in chunks:
                self._feed(chunk)
                yield chunk
        finally:
            if hasattr(chunks, "aclose"):  # a generator: trio warns of one that is not closed
                await chunks.aclose()
        self._end()

    def close(self) -> None:
        self._inner.close()

    async def aclose(self) -> None:
        await self._inner.aclose()

    def _feed(self, chunk: bytes) -> None:
        if self._body is not None:
            try:
                self._body.feed(chunk)
            except UnreadableBodyError:
                self._body = None

    def _end(self) -> None:
        try:
            body = None if self._body is None else self._body.whole()
        except UnreadableBodyError:
            body = None
        self._exchange.finish(self._response, body)
