"""The effective contract as data: its operations, and a validator for each of its schemas.

The document is the one that ships in ``pinecone_control_api`` (pinned contract plus overlay).
Nothing here does I/O but reading that file, once.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib import resources
from typing import TYPE_CHECKING, Any, Literal, cast
from urllib.parse import unquote_to_bytes

import jsonschema_rs

if TYPE_CHECKING:
    from pathlib import Path

Schema = Mapping[str, Any]
"""A schema object as the OpenAPI document states it."""

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")

DEEPEST = 500
"""Levels of nesting that are validated; the contract's own schemas have fewer than ten."""

_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
_NUMBER = re.compile(r"[+-]?[0-9]{1,18}(\.[0-9]{1,18})?([eE][+-]?[0-9]{1,3})?")

_INTEGER_RANGES = {"int32": (-(2**31), 2**31 - 1), "int64": (-(2**63), 2**63 - 1)}


@dataclass(frozen=True, slots=True)
class Violation:
    """One way in which a value breaks its schema.

    Attributes:
        pointer: JSON pointer to the offending part of the value; empty for the whole.
        keyword: the schema keyword that is broken, such as ``type`` or ``maximum``.
        message: what is wrong, in words.
        value: the offending part of the value.
        facts: what the keyword demands, such as ``{"limit": 100}``.
        schema_path: where the broken keyword stands in the converted document, step by step.
        evaluated: the way that the validator took to it, with each ``$ref`` it followed.
    """

    pointer: str
    keyword: str
    message: str
    value: object = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    schema_path: tuple[str | int, ...] = ()
    evaluated: tuple[str | int, ...] = ()

    def __str__(self) -> str:
        return f"{self.pointer}: {self.message}" if self.pointer else self.message


class Validator:
    """Checks decoded JSON against one schema of the contract."""

    def __init__(self, schema: dict[str, Any]) -> None:
        self._compiled = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)

    def violations(self, value: object) -> Iterator[Violation]:
        """Every violation, in the order in which the schema states its rules.

        A value of more than `DEEPEST` levels is one violation with the keyword ``depth``.
        """
        # The validator recurses on the machine's stack: too deep a value would end the process.
        if is_deeper_than(DEEPEST, value):
            yield Violation("", "depth", f"nested deeper than {DEEPEST} levels")
            return
        for error in self._compiled.iter_errors(value):
            yield _violation(error)

    def is_valid(self, value: object, *, is_shallow: bool = False) -> bool:
        """Whether there is no violation: the fast way for what is expected to be right.

        Args:
            value: decoded JSON.
            is_shallow: whether it is known to have no more than `DEEPEST` levels.
        """
        shallow = is_shallow or not is_deeper_than(DEEPEST, value)
        return shallow and self._compiled.is_valid(value)

    def innermost(self, value: object) -> Iterator[Violation]:
        """Every violation; of alternatives that all fail, what the most fitting one asks for."""
        if is_deeper_than(DEEPEST, value):
            yield Violation("", "depth", f"nested deeper than {DEEPEST} levels", value)
            return
        for error in self._compiled.iter_errors(value):
            yield from map(_violation, _innermost(error))


def _violation(error: jsonschema_rs.ValidationError) -> Violation:
    return Violation(
        pointer="".join(f"/{_escaped(str(step))}" for step in error.instance_path),
        keyword=error.kind.name,
        message=error.message,
        value=error.instance,
        facts=error.kind.as_dict(),
        schema_path=tuple(error.schema_path),
        evaluated=tuple(error.evaluation_path),
    )


def _innermost(error: jsonschema_rs.ValidationError) -> list[jsonschema_rs.ValidationError]:
    """The errors of the alternative that came furthest; the error itself when none did."""
    branches = [branch for branch in _branches(error) if not any(map(_asks_for_null, branch))]
    depth = len(error.instance_path)
    closer = [
        branch
        for branch in branches
        if not any(e.kind.name == "type" and len(e.instance_path) == depth for e in branch)
    ]
    chosen = closer if len(closer) == 1 else branches
    if len(chosen) != 1:
        return [error]
    return [leaf for each in chosen[0] for leaf in _innermost(each)]


def _asks_for_null(error: jsonschema_rs.ValidationError) -> bool:
    facts = error.kind.as_dict()
    if facts.get("types") == ["null"] or facts.get("options") == [None]:
        return True
    branches = _branches(error)
    return bool(branches) and all(any(map(_asks_for_null, branch)) for branch in branches)


def _branches(error: jsonschema_rs.ValidationError) -> list[list[jsonschema_rs.ValidationError]]:
    """The errors of each alternative, where the error is that all of them fail."""
    return [branch for branch in getattr(error.kind, "context", ()) if branch]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One path or query parameter of an operation."""

    name: str
    location: Literal["path", "query", "header", "cookie"]
    required: bool
    schema: Schema

    def parse(self, raw: str) -> object:
        """The text of a parameter as the type its schema asks for; the text itself if it is not."""
        kind = self.schema.get("type")
        if kind == "boolean":
            return {"true": True, "false": False}.get(raw, raw)
        if kind == "integer" and _INTEGER.fullmatch(raw):
            return int(raw)
        if kind == "number" and _NUMBER.fullmatch(raw):
            return float(raw)
        return raw


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the contract.

    Attributes:
        operation_id: the contract's name of it.
        method: upper case.
        path: the template, such as ``/indexes/{index_name}``.
        parameters: path and query parameters, those of the path item included.
        body: schema of the JSON request body; None when the operation takes none.
        body_required: whether a request without a body breaks the contract.
        responses: documented status codes; None as schema means "no body".
    """

    operation_id: str
    method: str
    path: str
    parameters: tuple[Parameter, ...]
    body: Schema | None
    body_required: bool
    responses: Mapping[int, Schema | None]


@dataclass(frozen=True, slots=True)
class Match:
    """An operation found for a request, with its path parameters, percent-decoded."""

    operation: Operation
    path_parameters: Mapping[str, str]


class Contract:
    """An OpenAPI 3.0 document, ready to be asked about requests and responses.

    Raises:
        KeyError: the document has no ``paths``.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        self.operations: Mapping[str, Operation] = {
            operation.operation_id: operation for operation in _operations(document)
        }
        self._validators: dict[str, Validator] = {}

    @property
    def version(self) -> str:
        """The API version that the document describes; empty where it states none."""
        return str(self.document.get("info", {}).get("version", ""))

    def match(self, method: str, path: str) -> Match | None:
        """The operation that a request means, or None.

        Args:
            method: the HTTP method, in any case.
            path: the path as it stands on the request line, still percent-encoded, no query.

        A literal path wins over a template, as OpenAPI asks. Segments are split before they are
        decoded, so that ``%2F`` belongs to a name.

        Raises:
            UnicodeDecodeError: a segment is percent-encoded, but not UTF-8.
        """
        found = self._matches(path, method.upper())
        return min(found, key=lambda match: len(match.path_parameters), default=None)

    def methods(self, path: str) -> list[str]:
        """The methods that the contract knows for a path; empty when it does not know the path."""
        known = (method.upper() for method in METHODS)
        return sorted(method for method in known if any(self._matches(path, method)))

    def validator(self, schema: Schema) -> Validator:
        """The compiled form of a schema of this contract; compiled once."""
        key = json.dumps(schema, sort_keys=True)
        if key not in self._validators:
            root = {**_as_json_schema(schema), "components": self._components}
            self._validators[key] = Validator(root)
        return self._validators[key]

    @cached_property
    def _components(self) -> dict[str, Any]:
        schemas = self.document.get("components", {}).get("schemas", {})
        return {"schemas": {name: _as_json_schema(schema) for name, schema in schemas.items()}}

    @cached_property
    def _templates(self) -> dict[tuple[str, int], list[tuple[Operation, list[str]]]]:
        """The operations with their paths' segments, by method and number of those."""
        found: dict[tuple[str, int], list[tuple[Operation, list[str]]]] = {}
        for operation in self.operations.values():
            template = operation.path.split("/")
            found.setdefault((operation.method, len(template)), []).append((operation, template))
        return found

    def _matches(self, path: str, method: str) -> Iterator[Match]:
        segments = path.split("/")
        for operation, template in self._templates.get((method, len(segments)), ()):
            values = {}
            for expected, raw in zip(template, segments, strict=True):
                if expected.startswith("{") and raw:
                    values[expected[1:-1]] = unquote_to_bytes(raw).decode()
                elif expected != raw:
                    break
            else:
                yield Match(operation, values)


def is_deeper_than(levels: int, value: object) -> bool:
    """Whether decoded JSON nests arrays and objects in more than a number of levels."""
    level = [value] if type(value) is dict or type(value) is list else []
    for _ in range(levels):
        level = [
            item
            for each in level
            for item in (each.values() if type(each) is dict else each)
            if type(item) is dict or type(item) is list  # a third of the time of isinstance
        ]
        if not level:
            return False
    return bool(level)


@cache
def effective_contract() -> Contract:
    """The contract that ships with this package, read on first use: pinned, and corrected."""
    return _shipped("contract.json")


@cache
def pinned_contract() -> Contract:
    """The same without the corrections: as it is published, prose apart."""
    return _shipped("pinned.json")


def _shipped(name: str) -> Contract:
    text = resources.files("pinecone_control_api").joinpath(name).read_text("utf-8")
    return Contract(json.loads(text))


def load_contract(path: Path) -> Contract:
    """Another contract, from a JSON file.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is not JSON.
    """
    return Contract(json.loads(path.read_text("utf-8")))


def _operations(document: Mapping[str, Any]) -> Iterator[Operation]:
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield _operation(document, path, item, method)


def _operation(
    document: Mapping[str, Any], path: str, item: Mapping[str, Any], method: str
) -> Operation:
    stated = item[method]
    parameters = {
        (parameter["in"], parameter["name"]): _parameter(parameter)
        for parameter in (
            _resolved(document, each)
            for each in (*item.get("parameters", ()), *stated.get("parameters", ()))
        )
    }
    request = _resolved(document, stated.get("requestBody", {}))
    return Operation(
        operation_id=stated.get("operationId", f"{method} {path}"),
        method=method.upper(),
        path=path,
        parameters=tuple(parameters.values()),
        body=_json_content(request),
        body_required=request.get("required", False),
        responses={
            int(status): _json_content(_resolved(document, response))
            for status, response in stated["responses"].items()
            if status.isdigit()
        },
    )


def _parameter(stated: Mapping[str, Any]) -> Parameter:
    return Parameter(
        name=stated["name"],
        location=stated["in"],
        required=stated.get("required", False),
        schema=stated.get("schema", {}),
    )


def _json_content(holder: Mapping[str, Any]) -> Schema | None:
    content = holder.get("content", {}).get("application/json")
    return None if content is None else content.get("schema", {})


def _resolved(document: Mapping[str, Any], node: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" not in node:
        return node
    target: Any = document
    for step in node["$ref"].removeprefix("#/").split("/"):
        target = target[step.replace("~1", "/").replace("~0", "~")]
    return cast("Mapping[str, Any]", target)


def _escaped(step: str) -> str:
    return step.replace("~", "~0").replace("/", "~1")


def _as_json_schema(schema: Schema) -> dict[str, Any]:
    """An OpenAPI 3.0 schema object in the words of JSON Schema 2020-12."""
    if "$ref" in schema:
        return {"$ref": schema["$ref"]}  # OpenAPI 3.0 ignores what stands beside a reference
    converted = {
        keyword: _converted_keyword(keyword, value)
        for keyword, value in schema.items()
        if not keyword.startswith("x-") and keyword not in _ANNOTATIONS
    }
    _state_integer_range(converted)
    _state_exclusive_bounds(converted)
    if schema.get("nullable"):
        return {"anyOf": [converted, {"type": "null"}]}
    return converted


_ANNOTATIONS = frozenset(
    {
        "nullable",
        "example",
        "default",
        "description",
        "title",
        "deprecated",
        "discriminator",
        "xml",
        "externalDocs",
        "readOnly",
        "writeOnly",
    }
)


def _converted_keyword(keyword: str, value: Any) -> Any:  # noqa: ANN401 - a keyword holds any JSON
    if keyword == "properties":
        return {name: _as_json_schema(schema) for name, schema in value.items()}
    if keyword in {"allOf", "anyOf", "oneOf"}:
        return [_as_json_schema(schema) for schema in value]
    if keyword in {"items", "not", "additionalProperties"} and isinstance(value, dict):
        return _as_json_schema(value)
    return value


def _state_integer_range(schema: dict[str, Any]) -> None:
    if schema.get("type") == "integer" and schema.get("format") in _INTEGER_RANGES:
        low, high = _INTEGER_RANGES[schema.pop("format")]
        schema["minimum"] = max(low, schema.get("minimum", low))
        schema["maximum"] = min(high, schema.get("maximum", high))


def _state_exclusive_bounds(schema: dict[str, Any]) -> None:
    for exclusive, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if isinstance(schema.get(exclusive), bool) and schema.pop(exclusive) and bound in schema:
            schema[exclusive] = schema.pop(bound)
