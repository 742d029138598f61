"""The check of one exchange: a request and its answer against the contract. Pure.

What is checked: that the operation exists; path, query and header parameters with their types and
ranges, and that there are no others; the API key, the API version and the content types; the body;
that the status is documented; and the answer's body.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl

import msgspec
from attrs import define, frozen

from pinecone_control.contract import deviations, wording
from pinecone_control.contract.contracts import effective_contract, pinned_contract
from pinecone_control.contract.coverage import Coverage
from pinecone_control.contract.document import join, resolve
from pinecone_control.contract.validation import DEEPEST
from pinecone_control.contract.violation import Finding

if TYPE_CHECKING:
    from pinecone_control.contract.contracts import Contract
    from pinecone_control.contract.document import Match, Operation, Parameter, Schema
    from pinecone_control.contract.validation import SchemaViolation, Validator
    from pinecone_control.contract.violation import Part

VERSION_HEADER: Final = "x-pinecone-api-version"
_JSON: Final = "application/json"
_BROKEN_ESCAPE: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")
_UNREADABLE: Final = object()
_MOST_REMEMBERED: Final = 10_000


@frozen(kw_only=True)
class Sent:
    """A request as it goes over the wire.

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


@frozen(kw_only=True)
class Received:
    """An answer as it came over the wire, its body decompressed.

    Attributes:
        status: HTTP status.
        headers: by lower-case name.
        body: the bytes of the body; None when it was not read to its end.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes | None


class Checker:
    """Checks exchanges, and counts in a `Coverage` what was in order.

    Args:
        contract: what to check against. Default: the effective contract, or the one that is
            published when known deviations are to be seen.
        known_deviations: take known differences between contract and world for what they are. With
            False, the contract is the published one, and each difference is a finding.
        coverage: counts what is exercised; one of its own by default.
        base_path: what precedes the contract's paths, such as ``/pinecone``.
    """

    def __init__(
        self,
        contract: Contract | None = None,
        *,
        known_deviations: bool = True,
        coverage: Coverage | None = None,
        base_path: str = "",
    ) -> None:
        self.contract = contract or (
            effective_contract() if known_deviations else pinned_contract()
        )
        self._tolerant = known_deviations
        self.coverage = coverage or Coverage(self.contract)
        self._base_path = base_path.rstrip("/")
        self._rules: dict[str, _Rules] = {}
        # Who waits for something asks the same again and again.
        self._in_order: dict[object, str] = {}
        self._asked = [VERSION_HEADER, *_header_parameters(self.contract)]
        self._key_header = _api_key_header(self.contract.document)

    def request(self, sent: Sent) -> tuple[str, list[Finding]]:
        """The operation that a request means, empty if none, and all that is wrong with it."""
        known = None if sent.body else self._likeness(sent)
        if known in self._in_order:
            return self._in_order[known], []
        path, _, query = sent.target.partition("?")
        match = self._match(sent.method, path)
        if match is None:
            return "", [self._unknown_operation(sent.method, path)]
        operation = match.operation.operation_id
        request = _Request(self, self._rules_of(match.operation), match, sent, query)
        findings = list(request.findings())
        if not findings:
            self.coverage.note_request(operation, request.parameters, request.body)
            if known is not None and len(self._in_order) < _MOST_REMEMBERED:
                self._in_order[known] = operation
        return operation, findings

    def answer(self, operation: str, received: Received) -> list[Finding]:
        """All that is wrong with the answer to a request for an operation."""
        if not operation:
            return []
        answer = _Answer(self, self._rules_of(self.contract.operations[operation]), received)
        findings = []
        for finding in answer.findings():
            if self._is_known(finding) and finding.deviation is not None:
                self.coverage.deviations[finding.deviation.name] += 1
            else:
                findings.append(finding)
        if not findings:
            self.coverage.note_answer(operation, received.status, answer.body)
        return findings

    def explained(
        self,
        validator: Validator,
        value: object,
        schema: Schema,
        about: Finding,
        text: bytes = b"",
    ) -> Iterator[Finding]:
        """A finding like `about` for each violation of a schema; `text` is the value undecoded."""
        if validator.is_valid(value, is_shallow=text.count(b"[") + text.count(b"{") < DEEPEST):
            return
        for violation in validator.innermost(value):
            yield Finding(
                operation=about.operation,
                side=about.side,
                part=about.part,
                status=about.status,
                pointer=about.pointer + violation.pointer,
                keyword=violation.keyword,
                expected=wording.expected(violation),
                got=wording.got(violation),
                rule=_rule(self.contract, violation),
                deviation=deviations.of_value(
                    violation.keyword,
                    violation.value,
                    frozenset(_passed(self.contract, schema, violation)),
                ),
            )

    def _likeness(self, sent: Sent) -> object:
        """What requests without a body have in common that are checked alike."""
        headers = sent.headers
        signed = bool(headers.get(self._key_header))
        return sent.method, sent.target, signed, *(headers.get(name) for name in self._asked)

    def _match(self, method: str, path: str) -> Match | None:
        if not path.startswith(self._base_path) or _BROKEN_ESCAPE.search(path):
            return None
        try:
            return self.contract.match(method, path[len(self._base_path) :])
        except UnicodeDecodeError:
            return None

    def _unknown_operation(self, method: str, path: str) -> Finding:
        methods = self.contract.methods(path[len(self._base_path) :]) if path else []
        return Finding(
            operation="",
            side="request",
            part="operation",
            keyword="operation",
            expected=wording.listed(methods) + " on this path" if methods else "a path of the API",
            got=f"{method} {path[: wording.SHOWN]}",
        )

    def _rules_of(self, operation: Operation) -> _Rules:
        name = operation.operation_id
        if name not in self._rules:
            self._rules[name] = _Rules.of(self.contract, operation)
        return self._rules[name]

    def _is_known(self, finding: Finding) -> bool:
        undocumented = finding.keyword in {"status", "foreign"}
        return self._tolerant and undocumented and finding.deviation is not None


@define
class _Rules:
    """What one operation asks for, ready to be checked."""

    operation: Operation
    parameters: Mapping[str, Mapping[str, tuple[Parameter, Validator]]]
    body: Validator | None
    answers: Mapping[int, Validator | None]
    key: str
    version: str

    @classmethod
    def of(cls, contract: Contract, operation: Operation) -> _Rules:
        placed: dict[str, dict[str, tuple[Parameter, Validator]]] = {"path": {}, "query": {}}
        for parameter in operation.parameters:
            named = parameter.name.lower() if parameter.location == "header" else parameter.name
            checked = (parameter, contract.validator(parameter.schema))
            placed.setdefault(parameter.location, {})[named] = checked
        return cls(
            operation=operation,
            parameters=placed,
            body=None if operation.body is None else contract.validator(operation.body),
            answers={
                status: None if schema is None else contract.validator(schema)
                for status, schema in operation.responses.items()
            },
            key=_api_key_header(contract.document)
            if _needs_key(contract.document, operation)
            else "",
            version=contract.version,
        )


class _Request:
    """One request under check; `parameters` and `body` are known once it has been checked."""

    def __init__(
        self, checker: Checker, rules: _Rules, match: Match, sent: Sent, query: str
    ) -> None:
        self._checker = checker
        self._rules = rules
        self._match = match
        self._sent = sent
        self._query = query
        self.parameters: dict[str, object] = {}
        self.body: object = None

    def findings(self) -> Iterator[Finding]:
        yield from self._of_headers()
        yield from self._of_place("path", list(self._match.path_parameters.items()))
        query = parse_qsl(self._query, keep_blank_values=True, errors="replace")
        yield from self._of_place("query", query)
        yield from self._of_body()

    def _of_headers(self) -> Iterator[Finding]:
        headers, key = self._sent.headers, self._rules.key
        if key and not headers.get(key):
            yield self._finding("header", "missing", f"/{key}", "an API key", "none")
        version = headers.get(VERSION_HEADER)
        if version != self._rules.version:
            yield self._finding(
                "header",
                "version",
                f"/{VERSION_HEADER}",
                wording.shown(self._rules.version),
                "none" if version is None else wording.shown(version),
            )
        declared = self._rules.parameters.get("header", {})
        given = [(name, headers[name]) for name in declared if name in headers]
        yield from self._of_place("header", given)

    def _of_place(self, place: Part, given: list[tuple[str, str]]) -> Iterator[Finding]:
        known = self._rules.parameters.get(place, {})
        seen: set[str] = set()
        for name, raw in given:
            if name not in known:
                allowed = wording.listed([repr(each) for each in known]) or "no parameters"
                yield self._finding(place, "unknown", "", allowed, repr(name))
            elif name in seen:
                yield self._finding(place, "repeated", f"/{name}", "it once", "it again")
            else:
                yield from self._of_parameter(place, name, raw, *known[name])
            seen.add(name)
        for name, (parameter, _) in known.items():
            if parameter.required and name not in seen:
                yield self._finding(place, "missing", f"/{name}", "the parameter", "none")

    def _of_parameter(
        self, place: Part, name: str, raw: str, parameter: Parameter, validator: Validator
    ) -> Iterator[Finding]:
        value = parameter.parse(raw)
        about = self._finding(place, "", f"/{name}", "", "")
        self.parameters[parameter.name] = value
        yield from self._checker.explained(validator, value, parameter.schema, about)

    def _of_body(self) -> Iterator[Finding]:
        body, schema = self._sent.body, self._rules.operation.body
        if schema is None or self._rules.body is None:
            if body:
                yield self._finding("body", "unknown", "", "no body", wording.shown(body))
            return
        if not body:
            if self._rules.operation.body_required:
                yield self._finding("body", "missing", "", "a body", "none")
            return
        kind = _media_type(self._sent.headers)
        if kind != _JSON:
            yield self._finding(
                "header", "content-type", "/content-type", _JSON, wording.shown(kind)
            )
        self.body = _decoded(body)
        if self.body is _UNREADABLE:
            yield self._finding("body", "json", "", "JSON", wording.shown(body))
            return
        about = self._finding("body", "", "", "", "")
        yield from self._checker.explained(self._rules.body, self.body, schema, about, body)

    def _finding(self, part: Part, keyword: str, pointer: str, expected: str, got: str) -> Finding:
        return Finding(
            operation=self._rules.operation.operation_id,
            side="request",
            part=part,
            keyword=keyword,
            pointer=pointer,
            expected=expected,
            got=got,
        )


class _Answer:
    """One answer under check; `body` is known once it has been checked."""

    def __init__(self, checker: Checker, rules: _Rules, received: Received) -> None:
        self._checker = checker
        self._rules = rules
        self._received = received
        self._operation = rules.operation.operation_id
        self.body: object = None

    def findings(self) -> Iterator[Finding]:
        status = self._received.status
        if status not in self._rules.operation.responses:
            known = deviations.of_answer(self._operation, status, "status")
            documented = [str(each) for each in sorted(self._rules.operation.responses)]
            yield self._finding(
                "status", "status", wording.listed(documented), str(status), known=known
            )
            return
        schema = self._rules.operation.responses[status]
        validator = self._rules.answers[status]
        body = self._received.body
        if body is None:
            return
        if schema is None or validator is None:
            if body:
                yield self._finding("body", "unknown", "no body", wording.shown(body))
            return
        yield from self._of_json(schema, validator, body)

    def _of_json(self, schema: Schema, validator: Validator, body: bytes) -> Iterator[Finding]:
        kind, value = _media_type(self._received.headers), _decoded(body)
        known = deviations.of_answer(self._operation, self._received.status, "body")
        if known is not None and (kind != _JSON or not isinstance(value, dict)):
            came = wording.shown(body) if body else "nothing"
            yield self._finding("body", "foreign", "the error object", came, known=known)
            return
        if kind != _JSON:
            yield self._finding(
                "header", "content-type", _JSON, wording.shown(kind), pointer="/content-type"
            )
        if value is _UNREADABLE:
            yield self._finding("body", "json", "JSON", wording.shown(body))
            return
        self.body = value
        about = self._finding("body", "", "", "")
        yield from self._checker.explained(validator, value, schema, about, body)

    def _finding(
        self,
        part: Part,
        keyword: str,
        expected: str,
        got: str,
        *,
        known: deviations.Deviation | None = None,
        pointer: str = "",
    ) -> Finding:
        return Finding(
            operation=self._operation,
            side="response",
            status=self._received.status,
            part=part,
            keyword=keyword,
            pointer=pointer,
            expected=expected,
            got=got,
            deviation=known,
        )


def _media_type(headers: Mapping[str, str]) -> str:
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def _header_parameters(contract: Contract) -> set[str]:
    return {
        parameter.name.lower()
        for operation in contract.operations.values()
        for parameter in operation.parameters
        if parameter.location == "header"
    }


def _api_key_header(document: Mapping[str, Any]) -> str:
    """The header that carries the API key, in lower case; empty where there is none."""
    schemes = document.get("components", {}).get("securitySchemes", {}).values()
    in_headers = (
        each["name"].lower()
        for each in schemes
        if each.get("type") == "apiKey" and each.get("in") == "header"
    )
    return next(in_headers, "")


def _needs_key(document: Mapping[str, Any], operation: Operation) -> bool:
    return any(operation.definition.get("security", document.get("security", [])))


def _decoded(body: bytes) -> object:
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _UNREADABLE


def _rule(contract: Contract, violation: SchemaViolation) -> str:
    """Where the broken rule stands in the contract; empty for a schema without a name."""
    if violation.schema_path[:1] != ("components",):
        return ""
    *_, (pointer, _) = _way(contract, contract.document, violation.schema_path)
    return pointer


def _passed(contract: Contract, schema: Schema, violation: SchemaViolation) -> Iterator[str]:
    """JSON pointers of the schemas that the validator went through."""
    yield from (pointer for pointer, _ in _way(contract, schema, violation.evaluated))


def _way(contract: Contract, node: Any, steps: Iterable[Any]) -> Iterator[tuple[str, Any]]:  # noqa: ANN401
    """Each node on a way through the contract, with its pointer.

    Steps that the contract does not have, for they came with its conversion, are passed over.
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
