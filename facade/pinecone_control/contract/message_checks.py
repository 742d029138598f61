"""Checks of one request and of one response against the rules of their operation, without I/O.

They cover path, query and header parameters with their types and ranges, and that there are no
others; the API key, the API version and the content types; the body; that the status is documented;
and the response's body.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl

import msgspec
from attrs import evolve, field, frozen, mutable

from pinecone_control._core.header_names import API_VERSION
from pinecone_control.contract import deviations, violation_texts
from pinecone_control.contract.document import join, resolve
from pinecone_control.contract.schema_validator import DEEPEST
from pinecone_control.contract.violations import Mismatch

if TYPE_CHECKING:
    import httpx

    from pinecone_control.contract.document import Match, Operation, Parameter
    from pinecone_control.contract.schema_validator import SchemaViolation, Validator
    from pinecone_control.contract.shipped_contracts import Contract
    from pinecone_control.contract.violations import Part, Side

VERSION_HEADER: Final = API_VERSION.lower()
LARGEST_BODY: Final = 4 * 1024 * 1024
"""Bytes of the largest decompressed response body that is checked."""

_JSON: Final = "application/json"
UNREADABLE: Final = object()
"""Result of `decoded` for a body that is not JSON."""


@frozen(kw_only=True)
class SentRequest:
    """A request as it is sent over the network.

    Attributes:
        method: the HTTP method.
        target: path and query as on the request line, percent-encoded.
        headers: by lower-case name.
        body: the bytes of the body.
    """

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @classmethod
    def of(cls, request: httpx.Request) -> SentRequest:
        """Return the record of an httpx request whose body has been read."""
        return cls(
            method=request.method,
            target=request.url.raw_path.decode("ascii", "replace"),
            headers={
                name.lower().decode("latin-1"): value.decode("latin-1")
                for name, value in request.headers.raw
            },
            body=request.content,
        )


@frozen(kw_only=True)
class ReceivedResponse:
    """A response as it was received, with its body decompressed.

    Attributes:
        status: HTTP status.
        headers: by name, in any case.
        body: the bytes of the body; None when it was not read to its end.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes | None

    @classmethod
    def of(cls, response: httpx.Response, body: bytes | None) -> ReceivedResponse:
        """Return the record of an httpx response with a body that was read separately."""
        return cls(status=response.status_code, headers=response.headers, body=body)


@frozen
class Rules:
    """The rules of one operation, compiled for checking.

    Attributes:
        contract: the contract that the operation belongs to.
        operation: the operation.
        parameters: its parameters by location and name, each with the validator of its schema.
        body: the validator of the request's body; None where it has none.
        responses: the validators of the responses' bodies by status; None means no body.
        key_header: the header that carries the API key; empty where the operation needs none.
    """

    contract: Contract
    operation: Operation
    parameters: Mapping[str, Mapping[str, tuple[Parameter, Validator]]]
    body: Validator | None
    responses: Mapping[int, Validator | None]
    key_header: str

    @classmethod
    def of(cls, contract: Contract, operation: Operation) -> Rules:
        """Return the rules of an operation of a contract."""
        parameters: dict[str, dict[str, tuple[Parameter, Validator]]] = {}
        for each in operation.parameters:
            name = each.name.lower() if each.location == "header" else each.name
            checked = (each, contract.validator(each.schema))
            parameters.setdefault(each.location, {})[name] = checked
        security = operation.definition.get("security", contract.document.get("security", ()))
        return cls(
            contract=contract,
            operation=operation,
            parameters=parameters,
            body=None if operation.body is None else contract.validator(operation.body),
            responses={
                status: None if schema is None else contract.validator(schema)
                for status, schema in operation.responses.items()
            },
            key_header=api_key_header(contract) if any(security) else "",
        )


def api_key_header(contract: Contract) -> str:
    """Return the header that carries the API key, in lower case; empty where there is none."""
    schemes = contract.document.get("components", {}).get("securitySchemes", {}).values()
    in_headers = (
        each["name"].lower()
        for each in schemes
        if each.get("type") == "apiKey" and each.get("in") == "header"
    )
    return next(in_headers, "")


@frozen
class _Subject:
    """The request or response that mismatches are about."""

    operation: str
    side: Side
    status: int | None = None

    def mismatch(
        self,
        part: Part,
        keyword: str,
        expected: str,
        got: str,
        *,
        pointer: str = "",
        deviation: deviations.Deviation | None = None,
    ) -> Mismatch:
        return Mismatch(
            operation=self.operation,
            side=self.side,
            status=self.status,
            part=part,
            pointer=pointer,
            keyword=keyword,
            expected=expected,
            got=got,
            deviation=deviation,
        )


@mutable
class RequestCheck:
    """The check of one request.

    Attributes:
        parameters: the values of its parameters, available after the check.
        body: its decoded body, available after the check.
    """

    _rules: Rules
    _match: Match
    _sent: SentRequest
    parameters: dict[str, object] = field(factory=dict)
    body: object = None

    def mismatches(self) -> Iterator[Mismatch]:
        """Yield every mismatch of the request."""
        yield from self._of_headers()
        yield from self._of_parameters("path", list(self._match.path_parameters.items()))
        query = self._sent.target.partition("?")[2]
        fields = parse_qsl(query, keep_blank_values=True, errors="replace")
        yield from self._of_parameters("query", fields)
        yield from self._of_body()

    @property
    def _subject(self) -> _Subject:
        return _Subject(self._rules.operation.operation_id, "request")

    def _of_headers(self) -> Iterator[Mismatch]:
        mismatch, headers, key = self._subject.mismatch, self._sent.headers, self._rules.key_header
        if key and not headers.get(key):
            yield mismatch("header", "missing", "an API key", "none", pointer=f"/{key}")
        version, required = headers.get(VERSION_HEADER), self._rules.contract.version
        if version != required:
            shown = "none" if version is None else violation_texts.shown(version)
            expected, pointer = violation_texts.shown(required), f"/{VERSION_HEADER}"
            yield mismatch("header", "version", expected, shown, pointer=pointer)
        declared = self._rules.parameters.get("header", {})
        given = [(name, headers[name]) for name in declared if name in headers]
        yield from self._of_parameters("header", given)

    def _of_parameters(self, location: Part, given: list[tuple[str, str]]) -> Iterator[Mismatch]:
        mismatch, known = self._subject.mismatch, self._rules.parameters.get(location, {})
        seen: set[str] = set()
        for name, raw in given:
            if name not in known:
                allowed = violation_texts.listed([repr(each) for each in known]) or "no parameters"
                yield mismatch(location, "unknown", allowed, repr(name))
            elif name in seen:
                yield mismatch(location, "repeated", "it once", "it again", pointer=f"/{name}")
            else:
                yield from self._of_parameter(location, name, raw)
            seen.add(name)
        for name, (parameter, _) in known.items():
            if parameter.required and name not in seen:
                yield mismatch(location, "missing", "the parameter", "none", pointer=f"/{name}")

    def _of_parameter(self, location: Part, name: str, raw: str) -> Iterator[Mismatch]:
        parameter, validator = self._rules.parameters[location][name]
        value = self.parameters[parameter.name] = parameter.parse(raw)
        about = self._subject.mismatch(location, "", "", "", pointer=f"/{name}")
        yield from _of_schema(self._rules.contract, validator, value, about)

    def _of_body(self) -> Iterator[Mismatch]:
        mismatch, body = self._subject.mismatch, self._sent.body
        validator = self._rules.body
        if validator is None:
            if body:
                yield mismatch("body", "unknown", "no body", violation_texts.shown(body))
        elif body:
            yield from self._of_json(validator)
        elif self._rules.operation.body_required:
            yield mismatch("body", "missing", "a body", "none")

    def _of_json(self, validator: Validator) -> Iterator[Mismatch]:
        mismatch, body = self._subject.mismatch, self._sent.body
        yield from _of_media_type(self._subject, self._sent.headers)
        self.body = decoded(body)
        if self.body is UNREADABLE:
            yield mismatch("body", "json", "JSON", violation_texts.shown(body))
            return
        about = mismatch("body", "", "", "")
        yield from _of_schema(self._rules.contract, validator, self.body, about, body)


@mutable
class ResponseCheck:
    """The check of one response.

    Attributes:
        body: its decoded body, available after the check.
    """

    _rules: Rules
    _received: ReceivedResponse
    body: object = None

    def mismatches(self) -> Iterator[Mismatch]:
        """Yield every mismatch of the response."""
        operation, status = self._rules.operation, self._received.status
        mismatch, body = self._subject.mismatch, self._received.body
        if status not in operation.responses:
            known = deviations.of_response(operation.operation_id, status, "status")
            documented = violation_texts.listed([str(each) for each in sorted(operation.responses)])
            yield mismatch("status", "status", documented, str(status), deviation=known)
            return
        if body is None:
            return
        validator = self._rules.responses[status]
        if validator is not None:
            yield from self._of_json(validator, body)
        elif body:
            yield mismatch("body", "unknown", "no body", violation_texts.shown(body))

    @property
    def _subject(self) -> _Subject:
        return _Subject(self._rules.operation.operation_id, "response", self._received.status)

    def _of_json(self, validator: Validator, body: bytes) -> Iterator[Mismatch]:
        subject, headers, value = self._subject, self._received.headers, decoded(body)
        known = deviations.of_response(subject.operation, self._received.status, "body")
        if known and (_media_type(headers) != _JSON or not isinstance(value, dict)):
            shown = violation_texts.shown(body) if body else "nothing"
            yield subject.mismatch("body", "foreign", "the error object", shown, deviation=known)
            return
        yield from _of_media_type(subject, headers)
        if value is UNREADABLE:
            yield subject.mismatch("body", "json", "JSON", violation_texts.shown(body))
            return
        self.body = value
        about = subject.mismatch("body", "", "", "")
        yield from _of_schema(self._rules.contract, validator, value, about, body)


def _of_media_type(subject: _Subject, headers: Mapping[str, str]) -> Iterator[Mismatch]:
    kind = _media_type(headers)
    if kind != _JSON:
        got = violation_texts.shown(kind)
        yield subject.mismatch("header", "content-type", _JSON, got, pointer="/content-type")


def _media_type(headers: Mapping[str, str]) -> str:
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def decoded(body: bytes) -> object:
    """Return a body as JSON, or `UNREADABLE`."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return UNREADABLE


def _of_schema(
    contract: Contract, validator: Validator, value: object, about: Mismatch, text: bytes = b""
) -> Iterator[Mismatch]:
    """Yield `about` completed by each violation; `text` is the undecoded value."""
    if validator.is_valid(value, is_shallow=text.count(b"[") + text.count(b"{") < DEEPEST):
        return
    for violation in validator.innermost(value):
        nodes = _evaluated_nodes(contract, validator.schema, violation.evaluation_path)
        pointers = frozenset(pointer for pointer, _ in nodes)
        yield evolve(
            about,
            pointer=about.pointer + violation.pointer,
            keyword=violation.keyword,
            expected=violation_texts.expected(violation),
            got=violation_texts.got(violation),
            rule=_rule(contract, violation),
            deviation=deviations.of_value(violation.keyword, violation.value, pointers),
        )


def _rule(contract: Contract, violation: SchemaViolation) -> str:
    """Return the JSON pointer to the broken rule in the contract; empty for an unnamed schema."""
    if violation.schema_path[:1] != ("components",):
        return ""
    *_, (pointer, _) = _evaluated_nodes(contract, contract.document, violation.schema_path)
    return pointer


def _evaluated_nodes(
    contract: Contract, node: Any, steps: Iterable[Any]
) -> Iterator[tuple[str, Any]]:
    """Yield each node of the contract on an evaluation path, with its pointer.

    Steps that exist only in the converted schema are skipped.
    """
    pointer = ""
    yield pointer, node
    for step in steps:
        if step == "$ref" and isinstance(node, Mapping) and "$ref" in node:
            pointer = node["$ref"].removeprefix("#")
            node = resolve(contract.document, node["$ref"])
        elif (isinstance(node, Mapping) and step in node) or (
            isinstance(node, list) and isinstance(step, int) and step < len(node)
        ):
            pointer = join(pointer, step)
            node = node[step]  # pyright: ignore[reportCallIssue, reportArgumentType]
        yield pointer, node
