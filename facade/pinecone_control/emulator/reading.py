"""Reading requests: query and body, checked against the contract before any operation runs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import msgspec

from pinecone_control.contract.schema import Match, is_deeper_than
from pinecone_control.emulator import dialect
from pinecone_control.emulator.messages import Json, Refusal, invalid, not_found, unprocessable

if TYPE_CHECKING:
    from pinecone_control.contract.schema import Contract, Operation
    from pinecone_control.emulator.messages import Request

DEEPEST_BODY = 100
"""Levels of nesting that a body may have; real ones have fewer than ten."""

_CONSTRAINTS = frozenset(
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
"""What a value can break that is of the right type: a 400. All else is a 422."""

_BROKEN_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")


class Routes:
    """Which operation a request means."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._literal = {
            (operation.method, operation.path): Match(operation, {})
            for operation in contract.operations.values()
            if "{" not in operation.path
        }

    def match(self, request: Request) -> Match:
        """The operation of a request, with its path parameters.

        Raises:
            Refusal: 400 for a path that cannot be decoded, 404 for one that the API does not have,
                405 for a method that the path does not have.
        """
        literal = self._literal.get((request.method, request.path))
        return literal or self._template(request)

    def _template(self, request: Request) -> Match:
        if _BROKEN_ESCAPE.search(request.path):
            raise invalid("The path holds a '%' that two hexadecimal digits must follow.")
        try:
            match = self._contract.match(request.method, request.path)
        except UnicodeDecodeError:
            raise invalid("The path is not UTF-8 once it is percent-decoded.") from None
        if match is not None:
            return match
        allowed = _allowed(self._contract, request.path)
        if not allowed:
            raise not_found("There is no such path in this API.")
        message = f"Method {request.method[:20]} is not allowed here; use {' or '.join(allowed)}."
        raise Refusal(405, "UNIMPLEMENTED", message, {"allow": ", ".join(allowed)})


def _allowed(contract: Contract, path: str) -> list[str]:
    """The methods of a path; those of a literal path hide the ones of a template that fits too."""
    literal = [each.method for each in contract.operations.values() if each.path == path]
    return sorted(literal) or contract.methods(path)


def query_of(request: Request) -> dict[str, str]:
    """The decoded query parameters; the last one of each name.

    Raises:
        Refusal: 400 for a query that cannot be decoded.
    """
    if _BROKEN_ESCAPE.search(request.query):
        raise invalid("The query holds a '%' that two hexadecimal digits must follow.")
    try:
        return dict(
            parse_qsl(
                request.query, keep_blank_values=True, errors="strict", max_num_fields=DEEPEST_BODY
            )
        )
    except ValueError:
        raise invalid("The query cannot be decoded.") from None


def body_of(contract: Contract, operation: Operation, request: Request, limit: int) -> Json:
    """The JSON body of a request; empty for an operation that takes none.

    Raises:
        Refusal: 413 for a body over the limit; 422 for one that is not the JSON that the
            operation takes; 400 for one that breaks a constraint.
    """
    if len(request.body) > limit:
        raise Refusal(413, "OUT_OF_RANGE", f"A body may have at most {limit} bytes.")
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
    if is_deeper_than(DEEPEST_BODY, body):
        raise unprocessable(f"Failed to read the JSON body: over {DEEPEST_BODY} levels deep.")
    return body


def _check(contract: Contract, operation: Operation, body: object) -> None:
    violations = list(contract.validator(operation.body or {}).violations(body))
    structural = [each for each in violations if each.keyword not in _CONSTRAINTS]
    if structural:
        raise unprocessable(f"Failed to deserialize the JSON body: {_shown(structural[0])}")
    if violations:
        raise invalid(_shown(violations[0]))


def _shown(violation: object) -> str:
    text = str(violation)
    return text if len(text) <= 300 else f"{text[:300]}..."
