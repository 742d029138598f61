"""Query and body of a request, checked against the contract before the operation runs."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl

import msgspec
from attrs import evolve

from pinecone_control.contract.document import BROKEN_ESCAPE, variant_of
from pinecone_control.contract.schema_validator import is_deeper_than
from pinecone_control.emulator.api.error_messages import BAD_BODY, MISSING_FIELD
from pinecone_control.emulator.api.http_error import HttpError
from pinecone_control.emulator.api.versions.version import RequestBody

if TYPE_CHECKING:
    from pinecone_control.contract.document import Operation, Schema
    from pinecone_control.contract.schema_validator import SchemaViolation
    from pinecone_control.contract.shipped_contracts import Contract
    from pinecone_control.emulator.api.http_messages import Request
    from pinecone_control.emulator.api.versions.version import ApiVersion

MAX_BODY_DEPTH: Final = 100
"""Levels of nesting that a body may have; real ones have fewer than ten."""

MAX_QUERY_FIELDS: Final = 100

MAX_VIOLATIONS: Final = 100
"""Violations of a body that are considered for the report; each costs 50 µs (measured)."""

_CONSTRAINTS: Final = frozenset(
    {
        "minLength",
        "maxLength",
        "pattern",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "multipleOf",
        "minItems",
        "maxItems",
        "uniqueItems",
        "minProperties",
        "maxProperties",
    }
)
"""Keywords that a value of the right type can violate: a 400. All others are a 422."""


def parse_query(request: Request) -> dict[str, str]:
    """Return the decoded query parameters; the last one of each name.

    Raises:
        HttpError: 400 for a query that cannot be decoded.
    """
    if BROKEN_ESCAPE.search(request.query):
        raise HttpError(400, "The query contains a '%' without two hexadecimal digits after it.")
    try:
        return dict(
            parse_qsl(
                request.query,
                keep_blank_values=True,
                errors="strict",
                max_num_fields=MAX_QUERY_FIELDS,
            )
        )
    except ValueError:
        raise HttpError(400, "The query cannot be decoded.") from None


def parse_body(
    contract: Contract, operation: Operation, request: Request, version: ApiVersion, limit: int
) -> RequestBody:
    """Return the JSON body of a request in an API version; empty for an operation without one.

    Raises:
        HttpError: 413 for a body over the limit; 422 for one that is not the JSON that the
            operation takes; 400 for one that breaks a constraint.
    """
    if len(request.body) > limit:
        raise HttpError(413, f"A body may have at most {limit} bytes.")
    if operation.body is None:
        return RequestBody({})
    media_type = request.headers.get("content-type", "application/json").partition(";")[0]
    if media_type.strip().lower() != "application/json":
        raise HttpError(422, f"Expected a body of type application/json; got {media_type[:80]!r}.")
    body = _decoded(request.body)
    if not isinstance(body, dict):
        raise BAD_BODY.error(reason="expected an object")
    parsed = version.request_body(operation.operation_id, body)
    parsed = evolve(parsed, body=without_nulls(contract, operation.body, parsed.body))
    _check(contract, operation, parsed.body)
    return parsed


def without_nulls(contract: Contract, schema: Schema, value: Any) -> Any:
    """Return a body without the nulls of optional properties, which official SDKs send.

    Python SDK 9 sends them for `source_collection`, `metadata_config`, `tags` and others. The
    contract allows none of them, but their meaning is not in doubt.
    """
    if not isinstance(value, dict):
        return value
    variant = variant_of(contract.document, schema, value)
    properties, required = variant.get("properties", {}), variant.get("required", ())
    return {
        name: without_nulls(contract, properties.get(name, {}), each)
        for name, each in value.items()
        if each is not None or name in required or name not in properties
    }


def _decoded(content: bytes) -> object:
    try:
        body = msgspec.json.decode(content.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError) as error:
        raise HttpError(422, f"Failed to read the JSON body: {error}") from None
    if is_deeper_than(MAX_BODY_DEPTH, body):
        raise HttpError(422, f"Failed to read the JSON body: over {MAX_BODY_DEPTH} levels deep.")
    return body


def _check(contract: Contract, operation: Operation, body: object) -> None:
    found = contract.validator(operation.body or {}).innermost(body)
    violations = list(islice(found, MAX_VIOLATIONS))
    structural = [each for each in violations if each.keyword not in _CONSTRAINTS]
    if structural:
        raise _structural_error(structural[0])
    if violations:
        raise HttpError(400, _shown(violations[0]))


def _structural_error(violation: SchemaViolation) -> HttpError:
    if violation.keyword == "required":
        where = f" in {violation.pointer}" if violation.pointer else ""
        return MISSING_FIELD.error(field=violation.facts["property"], where=where)
    return BAD_BODY.error(reason=violation)


def _shown(violation: object) -> str:
    text = str(violation)
    return text if len(text) <= 300 else f"{text[:300]}..."
