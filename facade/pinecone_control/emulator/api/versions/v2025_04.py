"""API version 2025-04: the contract's own, so that it only leaves out what came later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pinecone_control.emulator.api.versions.version import ApiVersion, Asked

if TYPE_CHECKING:
    from pinecone_control.emulator.state.resources import Json

_LATER: Final = frozenset({"read_capacity", "schema", "fields", "source_index_deleted_at"})


def _asked(_operation_id: str, body: Json) -> Asked:
    return Asked(body)


def _index(index: Json) -> Json:
    spec = {kind: without_later(place) for kind, place in index["spec"].items()}
    return {**without_later(index), "spec": spec}


def without_later(resource: Json) -> Json:
    """Return a resource without what 2025-04 does not have."""
    return {name: value for name, value in resource.items() if name not in _LATER}


VERSION: Final = ApiVersion(asked=_asked, index=_index, backup=without_later)
