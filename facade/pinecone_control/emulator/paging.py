"""Page sizes and page tokens of the listings.

A token is base64 of JSON, ``{"limit": 2, "offset": 2}``, as the real service's tokens of restore
jobs are. It carries the page size; a `limit` beside it is ignored here, while the documentation
warns that the real service may then skip or repeat rows.
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Annotated, NamedTuple, TypeVar

import msgspec

from pinecone_control.emulator.messages import Json, invalid

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

Row = TypeVar("Row")

DEFAULT_LIMIT = 10
LARGEST_LIMIT = 100
LONGEST_TOKEN = 512


class Window(NamedTuple):
    """Which rows of a listing a page shows, counted from the newest."""

    offset: int
    limit: int


class _Token(msgspec.Struct, forbid_unknown_fields=True):
    limit: Annotated[int, msgspec.Meta(ge=1, le=LARGEST_LIMIT)]
    offset: Annotated[int, msgspec.Meta(ge=0, lt=2**62)]


def window(query: Mapping[str, str]) -> Window:
    """The rows that a listing request asks for.

    Raises:
        Refusal: 400, for a limit outside 1..100 or a token that this emulator did not make.
    """
    limit = _limit(query.get("limit", str(DEFAULT_LIMIT)))
    token = query.get("paginationToken")
    return Window(0, limit) if token is None else _decoded(token)


def page(asked: Window, rows: Sequence[Row], total: int, show: Callable[[Row], Json]) -> Json:
    """A listing's answer; the last page says ``"pagination": null``, as the real service does."""
    following = asked.offset + asked.limit
    pagination = {"next": _encoded(Window(following, asked.limit))} if following < total else None
    return {"data": [show(row) for row in rows], "pagination": pagination}


def _limit(text: str) -> int:
    is_number = text.isascii() and text.lstrip("+-").isdigit() and len(text) < 10
    if not is_number or not 1 <= int(text) <= LARGEST_LIMIT:
        raise invalid(f"limit must be an integer from 1 to {LARGEST_LIMIT}; got {text[:40]!r}.")
    return int(text)


def _encoded(following: Window) -> str:
    token = _Token(limit=following.limit, offset=following.offset)
    return base64.b64encode(msgspec.json.encode(token)).decode()


def _decoded(text: str) -> Window:
    try:
        content = base64.b64decode(text[:LONGEST_TOKEN], validate=True)
        token = msgspec.json.decode(content, type=_Token)
    except (binascii.Error, ValueError):  # msgspec's errors are ValueErrors
        shown = text if len(text) <= 40 else f"{text[:40]}..."
        raise invalid(f"paginationToken {shown!r} is not a token of this listing.") from None
    return Window(token.offset, token.limit)
