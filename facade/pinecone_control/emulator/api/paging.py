"""Page sizes and page tokens of the listings.

A token is base64 of JSON, ``{"limit": 2, "offset": 2}``, as the real service's tokens of restore
jobs are. It carries the page size; this emulator ignores a `limit` beside it, while the
documentation warns that the real service may then skip or repeat rows.
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Annotated, Final, TypeVar

import msgspec
from attrs import asdict, frozen

from pinecone_control.emulator.api.http_error import HttpError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pinecone_control.emulator.state.resources import Json

Row = TypeVar("Row")

DEFAULT_LIMIT: Final = 10
MAX_LIMIT: Final = 100
MAX_TOKEN_LENGTH: Final = 512


@frozen
class Window:
    """The rows of a listing on one page, counted from the newest; also a token's content."""

    limit: Annotated[int, msgspec.Meta(ge=1, le=MAX_LIMIT)]
    offset: Annotated[int, msgspec.Meta(ge=0, lt=2**62)]


_WINDOW: Final = msgspec.json.Decoder(Window)  # built by one thread: see `state.sql_tables`


def window(query: Mapping[str, str]) -> Window:
    """Return the rows that a listing request asks for; an empty token means the first page.

    Raises:
        HttpError: 400, for a limit outside 1..100 or a token that this emulator did not make.
    """
    limit = _limit(query.get("limit", str(DEFAULT_LIMIT)))
    token = query.get("paginationToken")
    return _decoded(token) if token else Window(limit, 0)


def page(current: Window, rows: Sequence[Row], total: int, show: Callable[[Row], Json]) -> Json:
    """Return a listing's body; the last page has ``"pagination": null``, as in the service."""
    following = current.offset + current.limit
    pagination = {"next": _encoded(Window(current.limit, following))} if following < total else None
    return {"data": [show(row) for row in rows], "pagination": pagination}


def _limit(text: str) -> int:
    is_number = text.isascii() and text.lstrip("+-").isdigit() and len(text) < 10
    if not is_number or not 1 <= int(text) <= MAX_LIMIT:
        raise HttpError(400, f"limit must be an integer from 1 to {MAX_LIMIT}; got {text[:40]!r}.")
    return int(text)


def _encoded(following: Window) -> str:
    return base64.b64encode(msgspec.json.encode(following)).decode()


def _decoded(text: str) -> Window:
    try:
        content = base64.b64decode(text[:MAX_TOKEN_LENGTH], validate=True)
        token = _WINDOW.decode(content)
        if msgspec.json.decode(content) == asdict(token):  # nothing else is in it
            return token
    except (binascii.Error, ValueError):  # msgspec's errors are ValueErrors
        pass
    shown = text if len(text) <= 40 else f"{text[:40]}..."
    raise HttpError(400, f"paginationToken {shown!r} is not a token of this listing.")
