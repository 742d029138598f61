"""API version 2025-04: the contract's own; it only leaves out what later versions add."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pinecone_control.emulator.api.versions.version import ApiVersion, RequestBody

if TYPE_CHECKING:
    from pinecone_control.emulator.state.resources import Json

_LATER: Final = frozenset({"read_capacity", "schema", "fields", "source_index_deleted_at"})


def _request_body(_operation_id: str, body: Json) -> RequestBody:
    return RequestBody(body)


def _index(index: Json) -> Json:
    spec = {kind: without_later(place) for kind, place in index["spec"].items()}
    return {**without_later(index), "spec": spec}


def without_later(resource: Json) -> Json:
    """Return a resource without the properties that 2025-04 does not have."""
    return {name: value for name, value in resource.items() if name not in _LATER}


VERSION: Final = ApiVersion(request_body=_request_body, index=_index, backup=without_later)
