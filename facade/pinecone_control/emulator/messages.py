"""What goes into the emulator and what comes out of it, without any web framework."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping

Json = dict[str, Any]
"""A decoded JSON object."""

_BODILESS = frozenset({204, 304})


class Request(msgspec.Struct, frozen=True):
    """One HTTP request.

    Attributes:
        method: upper case.
        path: as on the request line: percent-encoded, without the query.
        query: what follows the question mark, percent-encoded; may be empty.
        headers: names in lower case.
        body: whole; a door may cut it after the emulator's `body_limit` plus one byte.
    """

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Response:
    """One HTTP response, and how the connection is to treat it.

    Attributes:
        status: HTTP status code.
        body: whole; empty where the contract documents no body.
        headers: `content-length` is the doors' business.
        delay: seconds on the emulator's clock that pass before the first byte.
        deliver: how many bytes of the body arrive before the connection breaks; None for all of
            them, and -1 for a connection that breaks before the status line.
    """

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    deliver: int | None = None

    @property
    def is_dropped(self) -> bool:
        """Whether the connection breaks before the status line."""
        return self.deliver == -1

    @property
    def may_have_body(self) -> bool:
        """Whether HTTP allows a body with this status."""
        return self.status not in _BODILESS

    def with_header(self, name: str, value: str) -> Response:
        """The same response with one more header."""
        headers = {**self.headers, name: value}
        return Response(self.status, self.body, headers, self.delay, self.deliver)


class Answer(msgspec.Struct, frozen=True):
    """What an operation answers: a documented status with its JSON body, if it has one."""

    status: int
    body: Json | None = None


class Refusal(Exception):  # noqa: N818 - an answer to the client, not an error of the emulator
    """An error answer in the documented shape.

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

    def answer(self) -> Answer:
        """The error as the contract's `ErrorResponse`."""
        error = {"code": self.code, "message": self.message}
        return Answer(self.status, {"error": error, "status": self.status})


def invalid(message: str) -> Refusal:
    """400: the request can be read, but breaks a constraint."""
    return Refusal(400, "INVALID_ARGUMENT", message)


def unprocessable(message: str) -> Refusal:
    """422: the body cannot be read as what the operation takes."""
    return Refusal(422, "UNPROCESSABLE_ENTITY", message)


def not_found(message: str) -> Refusal:
    """404."""
    return Refusal(404, "NOT_FOUND", message)


def already_exists(message: str) -> Refusal:
    """409: the name is taken."""
    return Refusal(409, "ALREADY_EXISTS", message)


def forbidden(message: str) -> Refusal:
    """403: deletion protection or a quota."""
    return Refusal(403, "FORBIDDEN", message)


def failed_precondition(message: str) -> Refusal:
    """412: something else has to end first."""
    return Refusal(412, "FAILED_PRECONDITION", message)


def encoded(body: Json | None) -> bytes:
    """A JSON body on the wire."""
    return b"" if body is None else msgspec.json.encode(body)
