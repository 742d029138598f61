"""The description of an API version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import Factory, frozen

if TYPE_CHECKING:
    from collections.abc import Callable

    from pinecone_control.emulator.state.resources import Json


@frozen
class RequestBody:
    """A request's body in the form that operations read.

    Attributes:
        body: the properties that 2025-04 has; they are checked against the contract.
        beyond: the properties that it does not have: `read_capacity`, `schema` of the metadata, and
            `fields`, the vector fields of an index by name.
    """

    body: Json
    beyond: Json = Factory(dict)


@frozen(kw_only=True)
class ApiVersion:
    """The differences between a version and the form that operations work on.

    Attributes:
        request_body: converts the body of a request to an operation id into that form.
        index: converts an index into what this version shows.
        backup: converts a backup in the same way.
        pages_indexes: whether `list_indexes` takes `limit` and a page token.
    """

    request_body: Callable[[str, Json], RequestBody]
    index: Callable[[Json], Json]
    backup: Callable[[Json], Json]
    pages_indexes: bool = False
