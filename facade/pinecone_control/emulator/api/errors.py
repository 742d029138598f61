"""Exceptions that become error responses in the shape of the contract's `ErrorResponse`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pinecone_control.emulator.api.messages import Result

if TYPE_CHECKING:
    from collections.abc import Mapping


class HttpError(Exception):
    """An error response to the client; not an error of the emulator.

    Args:
        status: HTTP status code.
        code: one of the contract's error codes.
        message: for the person who reads the client's log.
        headers: further response headers.
    """

    def __init__(
        self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = headers or {}

    def result(self) -> Result:
        """Return the error as the contract's `ErrorResponse`."""
        error = {"code": self.code, "message": self.message}
        return Result(self.status, {"error": error, "status": self.status})


def invalid_argument(message: str) -> HttpError:
    """Return a 400: the request can be read, but breaks a constraint."""
    return HttpError(400, "INVALID_ARGUMENT", message)


def forbidden(message: str) -> HttpError:
    """Return a 403: deletion protection or a quota."""
    return HttpError(403, "FORBIDDEN", message)


def not_found(message: str) -> HttpError:
    """Return a 404."""
    return HttpError(404, "NOT_FOUND", message)


def method_not_allowed(message: str, allowed: list[str]) -> HttpError:
    """Return a 405 with the methods that the path has."""
    return HttpError(405, "UNIMPLEMENTED", message, {"allow": ", ".join(allowed)})


def already_exists(message: str) -> HttpError:
    """Return a 409: the name is taken."""
    return HttpError(409, "ALREADY_EXISTS", message)


def failed_precondition(message: str) -> HttpError:
    """Return a 412: something else has to end first."""
    return HttpError(412, "FAILED_PRECONDITION", message)


def unprocessable(message: str) -> HttpError:
    """Return a 422: the body cannot be read as what the operation takes."""
    return HttpError(422, "UNPROCESSABLE_ENTITY", message)
