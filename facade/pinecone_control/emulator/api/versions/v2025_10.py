"""API versions 2025-10 and 2026-04: serverless and BYOC specs have a read capacity and a schema.

Source: the published contracts of both. Python SDK 8 can read no serverless index without
`read_capacity`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pinecone_control.emulator.api.versions.version import ApiVersion, Asked

if TYPE_CHECKING:
    from pinecone_control.emulator.state.resources import Json

_PLACES: Final = ("serverless", "byoc")
_BEYOND: Final = frozenset({"read_capacity", "schema"})


def _asked(operation_id: str, body: Json) -> Asked:
    if operation_id == "create_index_for_model":
        return _parted(body)
    spec = body.get("spec")
    if not isinstance(spec, dict):
        return Asked(body)
    kind = next((each for each in _PLACES if isinstance(spec.get(each), dict)), None)
    if kind is None:
        return Asked(body)
    parted = _parted(spec[kind])
    others = {name: value for name, value in spec.items() if name != kind and value is not None}
    if operation_id != "configure_index":
        return Asked({**body, "spec": {**others, kind: parted.body}}, parted.beyond)
    # 2025-04 can configure the spec of pods alone.
    changed = {name: value for name, value in body.items() if name != "spec"}
    return Asked({**changed, **({"spec": others} if others else {})}, parted.beyond)


def _parted(stated: Json) -> Asked:
    return Asked(
        {name: value for name, value in stated.items() if name not in _BEYOND},
        {name: value for name, value in stated.items() if name in _BEYOND and value is not None},
    )


def _index(index: Json) -> Json:
    return {name: value for name, value in index.items() if name != "fields"}


def _backup(backup: Json) -> Json:
    later = {"fields", "source_index_deleted_at"}
    return {name: value for name, value in backup.items() if name not in later}


VERSION: Final = ApiVersion(asked=_asked, index=_index, backup=_backup)
