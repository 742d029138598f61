"""Checks of arguments before anything is sent: each refusal says what came and what is allowed."""

from typing import Final

from pinecone_control.errors import PineconeValueError

LARGEST_PAGE: Final = 100


def identifier(name: str, value: str) -> str:
    """Return `value` if it can stand in a URL path as one segment.

    Empty, `.` and `..` would address another resource (measured: the URL collapses), and a slash
    another operation.
    """
    if not isinstance(value, str):
        raise PineconeValueError(f"{name} must be a string, got {type(value).__name__}: {value!r}")
    if value in {"", ".", ".."} or "/" in value or not value.isprintable():
        raise PineconeValueError(
            f"{name} must be a name or id: not empty, not '.' or '..', without '/' or control "
            f"characters; got {value!r}"
        )
    return value


def page_size(limit: int) -> int:
    """Return `limit` if the contract allows it: 1 to 100."""
    if isinstance(limit, bool) or not isinstance(limit, int) or not 1 <= limit <= LARGEST_PAGE:
        raise PineconeValueError(
            f"limit is the page size, a whole number from 1 to {LARGEST_PAGE}, got {limit!r}; "
            "iterate the result to get the items of all pages"
        )
    return limit


def page_token(pagination_token: str | None) -> str | None:
    """Return the token if it is one: None for the first page, else what a page gave."""
    if pagination_token is None:
        return None
    if not isinstance(pagination_token, str) or not pagination_token:
        raise PineconeValueError(
            "pagination_token must be the `pagination.next` of an earlier page, or None for the "
            f"first page; got {pagination_token!r}"
        )
    return pagination_token
