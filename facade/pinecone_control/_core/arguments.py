"""Check arguments before anything is sent; each error names the value and what is allowed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, TypeVar
from urllib.parse import quote_plus

from pinecone_control._checks import is_whole, received
from pinecone_control.errors import PineconeValueError
from pinecone_control_api import models

T = TypeVar("T")

LARGEST_PAGE: Final = 100
_LONGEST_IN_URL: Final = 16_384
"""Bytes. Servers commonly accept URLs of 8 to 16 kB; httpx refuses 64 kB."""


def index_name(argument: str, given: str | models.Index) -> str:
    """Return the name of an index: the one given, or that of the index given."""
    return _identifier(argument, given, "name", "Index")


def collection_name(argument: str, given: str | models.Collection) -> str:
    """Return the name of a collection: the one given, or that of the collection given."""
    return _identifier(argument, given, "name", "Collection")


def backup_id(argument: str, given: str | models.Backup) -> str:
    """Return the id of a backup: the one given, or that of the backup given."""
    return _identifier(argument, given, "backup_id", "Backup")


def restore_job_id(
    argument: str, given: str | models.RestoreJob | models.CreateIndexFromBackupResponse
) -> str:
    """Return the id of a restore job: the one given, or that of a job or a restore's response."""
    kinds = ("RestoreJob", "CreateIndexFromBackupResponse")
    return _identifier(argument, given, "restore_job_id", *kinds)


def _identifier(argument: str, given: object, attribute: str, *kinds: str) -> str:
    """Return a name or id that is valid as a segment of a URL path.

    An empty text, `.` and `..` would address another resource (measured: the URL collapses), and a
    slash another operation.

    Args:
        argument: name of the argument, for the error.
        given: the name or id, or an object.
        attribute: the attribute of an object that holds the name or id.
        kinds: models that have this attribute; loaded only if `given` is an object.
    """
    if not isinstance(given, str):
        has_it = isinstance(given, tuple(getattr(models, kind) for kind in kinds))
        given = getattr(given, attribute) if has_it else given
    if not isinstance(given, str):
        raise PineconeValueError(
            f"{argument} must be a string, got {type(given).__name__}: {given!r:.200}"
        )
    if given in {"", ".", ".."} or "/" in given or not given.isprintable():
        raise PineconeValueError(
            f"{argument} must be a name or id, not empty, '.' or '..', and without '/' or control "
            f"characters; got {given!r:.200}"
        )
    if not fits_in_url(given):
        raise PineconeValueError(
            f"{argument} must be a name or id, got {len(given):,} characters: {given!r:.40}..."
        )
    return given


def several(identifier: Callable[[str, T], str], argument: str, given: Iterable[T]) -> list[str]:
    """Return many names or ids, each once, as `identifier` returns one."""
    return list(dict.fromkeys(identifier(argument, each) for each in listed(argument, given)))


def listed(argument: str, given: Iterable[T]) -> list[T]:
    """Return what is given, if it is a collection and not a single value."""
    if isinstance(given, str):
        raise PineconeValueError(f"{argument} must be a list: pass [{given!r:.200}]")
    if not isinstance(given, Iterable):
        raise PineconeValueError(
            f"{argument} must be a list, also for a single item; got {given!r:.200}"
        )
    return [*given]


def page_size(limit: int) -> int:
    """Return `limit` if the contract allows it: 1 to 100."""
    if not is_whole(limit) or not 1 <= limit <= LARGEST_PAGE:
        raise PineconeValueError(
            f"limit is the page size, a whole number from 1 to {LARGEST_PAGE}, got "
            f"{received(limit)}; iterate the result to get the items of all pages"
        )
    return limit


def page_token(pagination_token: str | None) -> str | None:
    """Return the token, if it is valid: None for the first page, or the token of a page."""
    if pagination_token is None:
        return None
    if not isinstance(pagination_token, str) or not pagination_token:
        raise PineconeValueError(
            "pagination_token must be the `pagination.next` of an earlier page, or None for the "
            f"first page; got {pagination_token!r:.200}"
        )
    if not fits_in_url(pagination_token):
        raise PineconeValueError(
            "pagination_token is not a valid token: it is too long for a URL, or has characters "
            f"that cannot be sent; got {len(pagination_token):,} characters"
        )
    return pagination_token


def fits_in_url(text: str) -> bool:
    """Return whether a text can be part of a URL."""
    try:
        return len(text) <= _LONGEST_IN_URL and len(quote_plus(text)) <= _LONGEST_IN_URL
    except UnicodeEncodeError:  # half of a surrogate pair
        return False
