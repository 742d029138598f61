"""What the emulator has to know of an API version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import Factory, frozen

if TYPE_CHECKING:
    from collections.abc import Callable

    from pinecone_control.emulator.state.resources import Json


@frozen
class Asked:
    """A request's body in the form that operations read.

    Attributes:
        body: what 2025-04 has a word for; it is checked against the contract.
        beyond: what it has none for: `read_capacity`, `schema` of the metadata, and `fields`,
            the vector fields of an index by their names.
    """

    body: Json
    beyond: Json = Factory(dict)


@frozen(kw_only=True)
class ApiVersion:
    """The differences between a version and the form that operations work on.

    Attributes:
        asked: the body of a request, by its operation id, in the form that operations read.
        index: an index as this version shows it.
        backup: a backup as this version shows it.
        pages_indexes: whether `list_indexes` takes `limit` and a page token.
    """

    asked: Callable[[str, Json], Asked]
    index: Callable[[Json], Json]
    backup: Callable[[Json], Json]
    pages_indexes: bool = False
