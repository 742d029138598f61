"""Query and body of a request, checked against the contract before the operation runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl

import msgspec

from pinecone_control.contract.validation import is_deeper_than
from pinecone_control.emulator.api import dialect
from pinecone_control.emulator.api.errors import HttpError, invalid_argument, unprocessable
from pinecone_control.emulator.api.routing import BROKEN_ESCAPE

if TYPE_CHECKING:
    from pinecone_control.contract.contracts import Contract
    from pinecone_control.contract.document import Operation
    from pinecone_control.emulator.api.messages import Request
    from pinecone_control.emulator.state.resources import Json

MAX_BODY_DEPTH: Final = 100
"""Levels of nesting that a body may have; real ones have fewer than ten."""

MAX_QUERY_FIELDS: Final = 100

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
"""What a value of the right type can break: a 400. Everything else is a 422."""


def parse_query(request: Request) -> dict[str, str]:
    """Return the decoded query parameters; the last one of each name.

    Raises:
        HttpError: 400 for a query that cannot be decoded.
    """
    if BROKEN_ESCAPE.search(request.query):
        raise invalid_argument("The query holds a '%' that two hexadecimal digits must follow.")
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
        raise invalid_argument("The query cannot be decoded.") from None


def parse_body(contract: Contract, operation: Operation, request: Request, limit: int) -> Json:
    """Return the JSON body of a request; empty for an operation that takes none.

    Raises:
        HttpError: 413 for a body over the limit; 422 for one that is not the JSON that the
            operation takes; 400 for one that breaks a constraint.
    """
    if len(request.body) > limit:
        raise HttpError(413, "OUT_OF_RANGE", f"A body may have at most {limit} bytes.")
    if operation.body is None:
        return {}
    media_type = request.headers.get("content-type", "application/json").partition(";")[0]
    if media_type.strip().lower() != "application/json":
        raise unprocessable(f"Expected a body of type application/json; got {media_type[:80]!r}.")
    body = _decoded(request.body)
    if not isinstance(body, dict):
        raise unprocessable("Failed to deserialize the JSON body: expected an object.")
    if dialect.is_spoken(request.headers):
        body = dialect.understood(operation.operation_id, body)
    _check(contract, operation, body)
    return body


def _decoded(content: bytes) -> object:
    try:
        body = msgspec.json.decode(content.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError) as error:
        raise unprocessable(f"Failed to read the JSON body: {error}") from None
    if is_deeper_than(MAX_BODY_DEPTH, body):
        raise unprocessable(f"Failed to read the JSON body: over {MAX_BODY_DEPTH} levels deep.")
    return body


def _check(contract: Contract, operation: Operation, body: object) -> None:
    violations = list(contract.validator(operation.body or {}).violations(body))
    structural = [each for each in violations if each.keyword not in _CONSTRAINTS]
    if structural:
        raise unprocessable(f"Failed to deserialize the JSON body: {_shown(structural[0])}")
    if violations:
        raise invalid_argument(_shown(violations[0]))


def _shown(violation: object) -> str:
    text = str(violation)
    return text if len(text) <= 300 else f"{text[:300]}..."
