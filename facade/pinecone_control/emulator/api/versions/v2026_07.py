"""API version 2026-07: an index has a `schema` of fields and a `deployment`.

Source: the documentation in Python SDK 10, and what its version 10.2.0 and npm 9.0.0 send and
require. No contract of this version is published.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from uuid import uuid4

from pinecone_control.emulator.api.http_error import HttpError
from pinecone_control.emulator.api.versions.version import ApiVersion, RequestBody

if TYPE_CHECKING:
    from pinecone_control.emulator.state.resources import Json

_KINDS: Final = {"managed": "serverless", "pod": "pod", "byoc": "byoc"}
_DEFAULT_PLACE: Final = {"cloud": "aws", "region": "us-east-1"}
_DENSE, _SPARSE = "_values", "_sparse_values"
_VECTOR_FIELDS: Final = {"dense_vector": "dense", "sparse_vector": "sparse"}
_TEXT_SEARCHES: Final = frozenset({"full_text_search", "embed", "sparse_embed"})
_REPLACED: Final = frozenset({"spec", "dimension", "metric", "vector_type", "embed", "fields"})
_EMBED_FIELDS: Final = ("model", "metric", "read_parameters", "write_parameters")
_PLACE_FIELDS: Final = ("cloud", "region", "environment", "pod_type", "replicas", "shards")


def _request_body(operation_id: str, body: Json) -> RequestBody:
    """Return a request in the form that operations read; one in that form stays unchanged.

    Raises:
        HttpError: 400 for pods, which this version cannot create; 422 for a schema without a
            field to search in, and for a change of the fields.
    """
    beyond = {"read_capacity": body["read_capacity"]} if body.get("read_capacity") else {}
    rest = {name: body[name] for name in body.keys() - {"schema", "deployment", "read_capacity"}}
    if operation_id == "create_index":
        name = body.get("name") or f"index-{uuid4().hex[:8]}"
        return RequestBody({**rest, "name": name, **_created(body, beyond)}, beyond)
    if operation_id == "configure_index":
        return RequestBody({**rest, **_configured(body)}, beyond)
    if operation_id == "create_index_for_model":
        return RequestBody(rest, {**beyond, **_known(body, "schema")})
    return RequestBody(body)


def _created(body: Json, beyond: Json) -> Json:
    vectors: Json = {}
    if "schema" in body:
        fields = _fields_of(body["schema"])
        vectors = _vectors(fields)
        beyond["fields"] = fields
    if "spec" in body:
        return vectors
    deployment = body.get("deployment") or {"deployment_type": "managed", **_DEFAULT_PLACE}
    if not isinstance(deployment, dict):
        raise HttpError(422, "deployment: expected an object.")
    kind = deployment.get("deployment_type")
    if kind == "pod":
        raise HttpError(400, "deployment_type 'pod' is not supported on this API version")
    place = {name: value for name, value in deployment.items() if name != "deployment_type"}
    return {**vectors, "spec": {_KINDS.get(str(kind), str(kind)): place}}


def _configured(body: Json) -> Json:
    fields = _fields_of(body["schema"]) if body.get("schema") is not None else {}
    changed: Json = {}
    for name, field in fields.items():
        if not isinstance(field, dict) or field.get("type") != "semantic_text":
            raise HttpError(422, f"schema: field {name[:80]!r} cannot be changed.")
        changed["embed"] = _known(field, "read_parameters", "write_parameters")
    if body.get("deployment") is not None:
        changed["spec"] = {"pod": body["deployment"]}
    return changed


def _fields_of(schema: object) -> Json:
    fields = schema.get("fields") if isinstance(schema, dict) else None
    if not isinstance(fields, dict):
        raise HttpError(422, "schema: expected an object with fields.")
    return fields


def _vectors(fields: Json) -> Json:
    """Return vector type, dimension and metric of the first vector field, dense ones first.

    An index of text alone is shown as a sparse one in 2025-04 (assumption), which has no text.
    """
    stated = [field for field in fields.values() if isinstance(field, dict)]
    for kind, vector_type in _VECTOR_FIELDS.items():
        for field in stated:
            if field.get("type") == kind:
                return {"vector_type": vector_type, **_known(field, "dimension", "metric")}
    if any(_TEXT_SEARCHES & field.keys() for field in stated if field.get("type") == "string"):
        return {"vector_type": "sparse"}
    raise HttpError(422, "schema: at least one field of vectors or searchable text is required.")


def _index(index: Json) -> Json:
    ((kind, place),) = index["spec"].items()
    (deployment_type,) = [name for name, known in _KINDS.items() if known == kind]
    rest = {name: value for name, value in index.items() if name not in _REPLACED}
    return {
        **rest,
        "schema": {"fields": _fields(index)},
        "deployment": {"deployment_type": deployment_type, **_known(place, *_PLACE_FIELDS)},
        **_known(place, "read_capacity", "source_collection"),
    }


def _backup(backup: Json) -> Json:
    rest = {name: value for name, value in backup.items() if name not in _REPLACED}
    return {**rest, "schema": {"fields": _fields(backup)}, "tags": backup.get("tags")}


def _fields(resource: Json) -> Json:
    if resource.get("fields"):
        return dict(resource["fields"])
    embed = resource.get("embed")
    if embed is not None:
        name = next(iter(embed.get("field_map", {}).values()), "text")
        return {name: {"type": "semantic_text", **_known(embed, *_EMBED_FIELDS)}}
    if resource.get("dimension") is None:
        return {_SPARSE: {"type": "sparse_vector"}}
    return {_DENSE: {"type": "dense_vector", **_known(resource, "dimension", "metric")}}


def _known(stated: Json, *names: str) -> Json:
    return {name: stated[name] for name in names if stated.get(name) is not None}


VERSION: Final = ApiVersion(
    request_body=_request_body, index=_index, backup=_backup, pages_indexes=True
)
