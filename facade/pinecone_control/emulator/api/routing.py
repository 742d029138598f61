"""Routing: finds the operation that matches a request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pinecone_control.contract.document import BROKEN_ESCAPE, Match
from pinecone_control.emulator.api.http_error import HttpError

if TYPE_CHECKING:
    from pinecone_control.contract.shipped_contracts import Contract
    from pinecone_control.emulator.api.http_messages import Request


class Router:
    """Finds operations by method and path."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._literal = {
            (operation.method, operation.path): Match(operation, {})
            for operation in contract.operations.values()
            if "{" not in operation.path
        }

    def match(self, request: Request) -> Match:
        """Return the operation of a request, with its path parameters.

        Raises:
            HttpError: 400 for a path that cannot be decoded, 404 for one that the API does not
                have, 405 for a method that the path does not have.
        """
        literal = self._literal.get((request.method, request.path))
        return literal or self._template(request)

    def _template(self, request: Request) -> Match:
        if BROKEN_ESCAPE.search(request.path):
            raise HttpError(400, "The path contains a '%' without two hexadecimal digits after it.")
        try:
            match = self._contract.match(request.method, request.path)
        except UnicodeDecodeError:
            raise HttpError(400, "The path is not UTF-8 once it is percent-decoded.") from None
        if match is not None:
            return match
        allowed = self._allowed(request.path)
        if not allowed:
            raise HttpError(404, "There is no such path in this API.")
        message = f"Method {request.method[:20]} is not allowed here; use {' or '.join(allowed)}."
        raise HttpError(405, message, {"allow": ", ".join(allowed)})

    def _allowed(self, path: str) -> list[str]:
        """Return the methods of a path; a literal path takes precedence over templates."""
        operations = self._contract.operations.values()
        literal = [each.method for each in operations if each.path == path]
        return sorted(literal) or self._contract.methods(path)
