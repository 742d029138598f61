"""Check that a response is about the resource that was asked for, before concluding from it.

A cache or a gateway can mix up responses. `describe_*` and `list_*` return what the server sent,
but from a response about another resource the client does not conclude that the resource that was
asked for exists, is ready, or is gone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from pinecone_control._core.text import shown
from pinecone_control.errors import ResponseParsingError
from pinecone_control_api.base import Model

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pinecone_control_api import models

M = TypeVar("M", bound=Model)

_BODY_KEPT: Final = 10_000
_HINT: Final = (
    "A cache or a gateway may have mixed up responses. Check what is between you and the API."
)


def expect_resource(asked: str, resource: M, attribute: str, *, outcome_unknown: bool = False) -> M:
    """Return a resource from a response, if it is the one that was asked for.

    Upper and lower case count as equal: a server may spell an id differently.

    Args:
        asked: its name or id.
        resource: what the response describes.
        attribute: the attribute with the name or id.
        outcome_unknown: whether the request may have changed something.

    Raises:
        ResponseParsingError: it is another resource.
    """
    said = getattr(resource, attribute)
    if said.casefold() == asked.casefold():
        return resource
    reason = f"the response is not about {shown(asked)!r}, but about {shown(said)!r}"
    raise ResponseParsingError(
        reason,
        hint=_HINT,
        status_code=200,
        body=str(resource)[:_BODY_KEPT],
        reason=reason,
        outcome_unknown=outcome_unknown,
    )


def expect_backups_of(index_name: str, backups: Iterable[models.Backup]) -> list[models.Backup]:
    """Return the listed backups of an index, if all of them are of this index.

    Raises:
        ResponseParsingError: one is of another index.
    """
    return [expect_resource(index_name, backup, "source_index_name") for backup in backups]
