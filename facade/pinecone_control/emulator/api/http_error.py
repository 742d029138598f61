"""Exceptions that become error responses in the shape of the contract's `ErrorResponse`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pinecone_control.emulator.api.http_messages import Response, Result

if TYPE_CHECKING:
    from collections.abc import Mapping

CODES: Final[Mapping[int, str]] = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    402: "PAYMENT_REQUIRED",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    405: "UNIMPLEMENTED",
    409: "ALREADY_EXISTS",
    412: "FAILED_PRECONDITION",
    413: "OUT_OF_RANGE",
    422: "UNPROCESSABLE_ENTITY",
    429: "RESOURCE_EXHAUSTED",
    500: "UNKNOWN",
    501: "UNIMPLEMENTED",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}
"""The contract's error code for each status that has one."""


class HttpError(Exception):
    """An error response to the client; not an error of the emulator.

    Args:
        status: HTTP status code; the contract's error code follows from it.
        message: for the person who reads the client's log.
        headers: further response headers.
    """

    def __init__(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = headers or {}

    def result(self) -> Result:
        """Return the error as the contract's `ErrorResponse`."""
        error = {"code": CODES.get(self.status, "UNKNOWN"), "message": self.message}
        return Result(self.status, {"error": error, "status": self.status})

    def response(self) -> Response:
        """Return the error as an HTTP response."""
        return self.result().response(self.headers)
