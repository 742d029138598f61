"""API versions 2025-10 and 2026-04: serverless and BYOC specs have a read capacity and a schema.

Source: the published contracts of both. Python SDK 8 can read no serverless index without
`read_capacity`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pinecone_control.emulator.api.versions.version import ApiVersion, RequestBody

if TYPE_CHECKING:
    from pinecone_control.emulator.state.resources import Json

_PLACES: Final = ("serverless", "byoc")
_BEYOND: Final = frozenset({"read_capacity", "schema"})


def _request_body(operation_id: str, body: Json) -> RequestBody:
    if operation_id == "create_index_for_model":
        return _split(body)
    spec = body.get("spec")
    if not isinstance(spec, dict):
        return RequestBody(body)
    kind = next((each for each in _PLACES if isinstance(spec.get(each), dict)), None)
    if kind is None:
        return RequestBody(body)
    split = _split(spec[kind])
    others = {name: value for name, value in spec.items() if name != kind and value is not None}
    if operation_id != "configure_index":
        return RequestBody({**body, "spec": {**others, kind: split.body}}, split.beyond)
    # In 2025-04 only the spec of pods can be configured.
    changed = {name: value for name, value in body.items() if name != "spec"}
    return RequestBody({**changed, **({"spec": others} if others else {})}, split.beyond)


def _split(stated: Json) -> RequestBody:
    return RequestBody(
        {name: value for name, value in stated.items() if name not in _BEYOND},
        {name: value for name, value in stated.items() if name in _BEYOND and value is not None},
    )


def _index(index: Json) -> Json:
    return {name: value for name, value in index.items() if name != "fields"}


def _backup(backup: Json) -> Json:
    later = {"fields", "source_index_deleted_at"}
    return {name: value for name, value in backup.items() if name not in later}


VERSION: Final = ApiVersion(request_body=_request_body, index=_index, backup=_backup)
