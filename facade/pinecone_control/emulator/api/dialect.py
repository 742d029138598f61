"""Indexes as API version 2026-07 writes them, for clients that announce that version.

The emulator lives on 2025-04. The official Python SDK 10 speaks 2026-07, where an index has a
`schema` of fields and a `deployment` in place of `spec`, `dimension`, `metric` and `embed`; no
other part of what it sends or reads differs in a way that it minds. Source: the documentation in
that SDK, and what version 10.2.0 sends and insists on.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pinecone_control.emulator.api.errors import unprocessable
from pinecone_control.emulator.api.messages import Result

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pinecone_control.emulator.state.resources import Json

FIRST_VERSION = "2026-07"

_VERSION = re.compile(r"\d{4}-\d{2}")
_KINDS = {"managed": "serverless", "pod": "pod", "byoc": "byoc"}
_DENSE, _SPARSE = "_values", "_sparse_values"
_REPLACED = frozenset({"spec", "dimension", "metric", "vector_type", "embed"})
_EMBED_FIELDS = ("model", "metric", "read_parameters", "write_parameters")


def is_spoken(headers: Mapping[str, str]) -> bool:
    """Whether a request announces version 2026-07 or a later one."""
    version = headers.get("x-pinecone-api-version", "")
    return _VERSION.fullmatch(version) is not None and version >= FIRST_VERSION


def understood(operation_id: str, body: Json) -> Json:
    """A request body in the words of 2025-04; one that already is stays as it is.

    Raises:
        HttpError: 422, for a schema of anything but one vector field, and for a change of a schema:
            2025-04 has neither.
    """
    if "schema" in body and operation_id != "create_index":
        raise unprocessable("schema: this emulator cannot change one.")
    vectors = _vectors(body["schema"]) if "schema" in body else {}
    rest = {name: value for name, value in body.items() if name not in {"schema", "deployment"}}
    return {**rest, **vectors, **_placed(body.get("deployment"))}


def shown(answer: Result) -> Result:
    """An answer with every index in it in the words of 2026-07."""
    body = answer.body
    if body is None:
        return answer
    if "indexes" in body:
        return Result(answer.status, {"indexes": [_index(index) for index in body["indexes"]]})
    return Result(answer.status, _index(body)) if "spec" in body else answer


def _vectors(schema: object) -> Json:
    fields = schema.get("fields") if isinstance(schema, dict) else None
    stated = list(fields.values()) if isinstance(fields, dict) else []
    if len(stated) == 1 and isinstance(stated[0], dict):
        kind = stated[0].get("type")
        if kind == "dense_vector":
            return {"vector_type": "dense", **_known(stated[0], "dimension", "metric")}
        if kind == "sparse_vector":
            return {"vector_type": "sparse", "metric": "dotproduct"}
    raise unprocessable("schema: this emulator knows schemas of one vector field.")


def _placed(deployment: object) -> Json:
    if not isinstance(deployment, dict):
        return {}
    kind = _KINDS.get(str(deployment.get("deployment_type", "pod")), "")
    return {"spec": {kind: {k: v for k, v in deployment.items() if k != "deployment_type"}}}


def _index(index: Json) -> Json:
    rest = {name: value for name, value in index.items() if name not in _REPLACED}
    return {**rest, "schema": {"fields": _fields(index)}, "deployment": _deployment(index["spec"])}


def _fields(index: Json) -> Json:
    embed = index.get("embed")
    if embed is not None:
        name = next(iter(embed.get("field_map", {}).values()), "text")
        return {name: {"type": "semantic_text", **_known(embed, *_EMBED_FIELDS)}}
    if index["vector_type"] == "sparse":
        return {_SPARSE: {"type": "sparse_vector"}}
    return {_DENSE: {"type": "dense_vector", **_known(index, "dimension", "metric")}}


def _deployment(spec: Json) -> Json:
    ((kind, place),) = spec.items()
    (deployment_type,) = [name for name, known in _KINDS.items() if known == kind]
    known = ("cloud", "region", "environment", "pod_type", "replicas", "shards")
    return {"deployment_type": deployment_type, **_known(place, *known)}


def _known(stated: Json, *names: str) -> Json:
    return {name: stated[name] for name in names if name in stated}
