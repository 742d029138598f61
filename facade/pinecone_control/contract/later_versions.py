"""The contracts of later API versions, stated as changes to the shipped contract.

Source: the published contracts of 2025-10 and 2026-04. Their structure is transcribed here, without
descriptions; a test compares it with the digest of the published structure.
"""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from pinecone_control._core.header_names import API_VERSION
from pinecone_control.contract.document import Place, objects
from pinecone_control.contract.shipped_contracts import (
    Contract,
    effective_contract,
    pinned_contract,
)
from pinecone_control.errors import PineconeValueError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pinecone_control.contract.document import Schema

BASE: Final = "2025-04"
LATER: Final = ("2025-10", "2026-04")
"""Versions of the same structure; only the default of the version header differs."""

_TEXT: Final = {"type": "string"}
_INT32: Final = {"type": "integer", "format": "int32"}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _object(
    properties: Mapping[str, Schema], required: Iterable[str] = (), **others: object
) -> Schema:
    needed = {"required": list(required)} if required else {}
    return {"type": "object", "properties": properties, **needed, **others}


def _by_mode(suffix: str) -> Schema:
    targets = {mode: _ref(f"ReadCapacity{mode}{suffix}") for mode in ("OnDemand", "Dedicated")}
    mapping = {mode: each["$ref"] for mode, each in targets.items()}
    return {
        "oneOf": list(targets.values()),
        "discriminator": {"propertyName": "mode", "mapping": mapping},
    }


def _by_kind(**kinds: Schema) -> list[Schema]:
    return [_object({k: v}, [k], additionalProperties=False) for k, v in kinds.items()]


_DEDICATED: Final = {"mode": _TEXT, "dedicated": _ref("ReadCapacityDedicatedConfig")}
_STATUS: Final = {"status": _ref("ReadCapacityStatus")}
_METADATA: Final = {"schema": _ref("MetadataSchema")}
_REQUESTED: Final = {"read_capacity": _ref("ReadCapacity"), **_METADATA}
_RETURNED: Final = {"read_capacity": _ref("ReadCapacityResponse"), **_METADATA}
_CONFIGURED: Final = _object({"read_capacity": _ref("ReadCapacity")})
_FIELD: Final = _object({"filterable": {"type": "boolean"}})

_NEW_SCHEMAS: Final[Mapping[str, Schema]] = {
    "MetadataSchema": _object(
        {"fields": {"type": "object", "additionalProperties": _FIELD}}, ["fields"]
    ),
    "ReadCapacity": _by_mode("Spec"),
    "ReadCapacityResponse": _by_mode("SpecResponse"),
    "ReadCapacityOnDemandSpec": _object({"mode": _TEXT}, ["mode"], additionalProperties=False),
    "ReadCapacityOnDemandSpecResponse": _object(
        {"mode": _TEXT, **_STATUS}, ["mode", "status"], additionalProperties=False
    ),
    "ReadCapacityDedicatedSpec": _object(
        _DEDICATED, ["mode", "dedicated"], additionalProperties=True
    ),
    "ReadCapacityDedicatedSpecResponse": _object(
        {**_DEDICATED, **_STATUS}, ["mode", "dedicated", "status"], additionalProperties=False
    ),
    "ReadCapacityDedicatedConfig": _object(
        {"node_type": _TEXT, "scaling": _TEXT, "manual": _ref("ScalingConfigManual")}
    ),
    "ScalingConfigManual": _object(
        {"replicas": {**_INT32, "minimum": 0}, "shards": {**_INT32, "minimum": 1}}
    ),
    "ReadCapacityStatus": _object(
        {
            "state": _TEXT,
            "current_replicas": _INT32,
            "current_shards": _INT32,
            "error_message": _TEXT,
        },
        ["state"],
    ),
}


@cache
def contract_of(version: str, *, published: bool = False) -> Contract:
    """Return the contract of an API version.

    Args:
        version: the version of this package's contract or, if that is 2025-04, one of `LATER`.
        published: whether to leave out the corrections. Default False.

    Raises:
        PineconeValueError: the contract of this version is not known here.
    """
    own = pinned_contract() if published else effective_contract()
    if version == own.version:
        return own
    if own.version != BASE or version not in LATER:
        known = [own.version, *(LATER if own.version == BASE else ())]
        raise PineconeValueError(f"the contract of {version!r} is not known; use one of {known}")
    return Contract(_later(own, version))


def _later(own: Contract, version: str) -> dict[str, Any]:
    document: dict[str, Any] = deepcopy(dict(own.document))
    document["info"]["version"] = version
    for operation in own.operations.values():
        stated = document["paths"][operation.path][operation.method.lower()]
        stated.setdefault("parameters", []).append(_version_header(version))
    schemas = document["components"]["schemas"]
    for _, schema in objects(schemas, place=Place.NAMES):
        if schema.get("enum", [None]) != [None]:
            schema["x-enum"] = schema.pop("enum")
    schemas |= _NEW_SCHEMAS
    for name, added in {
        "ServerlessSpec": _REQUESTED,
        "ByocSpec": _REQUESTED,
        "CreateIndexForModelRequest": _REQUESTED,
        "BackupModel": _METADATA,
    }.items():
        schemas[name]["properties"] |= added
    for name in ("ServerlessSpec", "ByocSpec"):
        requested = schemas[name]
        schemas[f"{name}Response"] = {
            **requested,
            "properties": {**requested["properties"], **_RETURNED},
            "required": [*requested["required"], "read_capacity"],
        }
    _state_kinds_as_alternatives(schemas)
    return document


def _version_header(version: str) -> dict[str, Any]:
    schema = {"type": "string", "default": version}
    return {
        "in": "header",
        "name": API_VERSION,
        "required": True,
        "style": "simple",
        "schema": schema,
    }


def _state_kinds_as_alternatives(schemas: dict[str, Any]) -> None:
    """State the spec of an index as alternatives, each of one kind."""
    configured = schemas["ConfigureIndexRequest"]["properties"]
    pod = configured["spec"]["properties"]["pod"]
    configured["spec"] = {"oneOf": _by_kind(serverless=_CONFIGURED, pod=pod, byoc=_CONFIGURED)}
    requested, returned = (
        _by_kind(
            serverless=_ref(f"ServerlessSpec{suffix}"),
            pod=_ref("PodSpec"),
            byoc=_ref(f"ByocSpec{suffix}"),
        )
        for suffix in ("", "Response")
    )
    schemas["IndexSpec"] = {"type": "object", "oneOf": requested}
    schemas["IndexModel"]["properties"]["spec"] = {"type": "object", "oneOf": returned}
