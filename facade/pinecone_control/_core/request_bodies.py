"""Build request bodies from the caller's arguments, and check them against the contract. Pure.

Only arguments that are not None are sent. Values that the server may start to accept without a new
version of the contract (regions, clouds, models, pod types) are not checked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, TypeVar

import msgspec

from pinecone_control._checks import instance, whole_number
from pinecone_control.errors import Advice, Argument, PineconeValueError
from pinecone_control_api import models
from pinecone_control_api.base import Model, ModelError

M = TypeVar("M", bound=Model)
Given = Mapping[str, object] | Model

_NAME: Final = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_LONGEST_NAME: Final = 45
_LARGEST_DIMENSION: Final = 20_000
_LONGEST_TAG_KEY: Final = 80
_LONGEST_TAG_VALUE: Final = 120
_TAG_KEY: Final = r"[A-Za-z0-9_-]+"
_TAG_VALUE: Final = r"[A-Za-z0-9;@_.+ -]*"
_SPEC_KINDS: Final = ("serverless", "pod", "byoc")


def create_index(
    *,
    name: str,
    spec: Given,
    dimension: int | None,
    metric: str | None,
    vector_type: str | None,
    deletion_protection: str | None,
    tags: Mapping[str, str] | None,
) -> models.CreateIndexRequest:
    """Return the body of `create_index`."""
    _name(name)
    _vectors(dimension, metric, vector_type)
    return _body(
        models.CreateIndexRequest,
        name=name,
        spec=_spec(spec),
        dimension=dimension,
        metric=metric,
        vector_type=vector_type,
        deletion_protection=deletion_protection,
        tags=_tags(tags),
    )


def create_index_for_model(
    *,
    name: str,
    cloud: str,
    region: str,
    embed: Given,
    deletion_protection: str | None,
    tags: Mapping[str, str] | None,
) -> models.CreateIndexForModelRequest:
    """Return the body of `create_index_for_model`."""
    return _body(
        models.CreateIndexForModelRequest,
        name=_name(name),
        cloud=cloud,
        region=region,
        embed=embed,
        deletion_protection=deletion_protection,
        tags=_tags(tags),
    )


def configure_index(
    *,
    replicas: int | None,
    pod_type: str | None,
    deletion_protection: str | None,
    tags: Mapping[str, str] | None,
    embed: Given | None,
) -> models.ConfigureIndexRequest:
    """Return the body of `configure_index`."""
    if replicas is not None:
        whole_number("replicas", replicas)
    pod = _given(replicas=replicas, pod_type=pod_type)
    fields = _given(
        spec={"pod": pod} if pod else None,
        deletion_protection=deletion_protection,
        tags=_tags(tags),
        embed=embed,
    )
    if not fields:
        raise PineconeValueError(
            "nothing to change",
            hint=Advice(
                "Give at least one of {}, {}, {}, {} and {}.",
                *map(Argument, ("replicas", "pod_type", "deletion_protection", "tags", "embed")),
            ),
        )
    return _body(models.ConfigureIndexRequest, **fields)


def create_backup(
    *, name: str | None, backup_name: str | None, description: str | None
) -> models.CreateBackupRequest:
    """Return the body of `create_backup`."""
    if name is not None and backup_name is not None:
        raise PineconeValueError(
            f"name and backup_name mean the same: give either {name!r} or {backup_name!r}"
        )
    if backup_name is not None:
        instance("backup_name", backup_name, str)
    return _body(
        models.CreateBackupRequest,
        name=backup_name if name is None else name,
        description=description,
    )


def create_index_from_backup(
    *, name: str, tags: Mapping[str, str] | None, deletion_protection: str | None
) -> models.CreateIndexFromBackupRequest:
    """Return the body of `create_index_from_backup`."""
    return _body(
        models.CreateIndexFromBackupRequest,
        name=_name(name),
        tags=_tags(tags),
        deletion_protection=deletion_protection,
    )


def create_collection(*, name: str, source: str) -> models.CreateCollectionRequest:
    """Return the body of `create_collection`."""
    return _body(models.CreateCollectionRequest, name=_name(name), source=source)


def _body(model: type[M], **fields: object) -> M:
    """Build and check a body. Types and required fields are checked by the generated model."""
    try:
        given = _given(**{name: _wire_form(value) for name, value in fields.items()})
        _refuse_unencodable(given, "")
    except RecursionError:
        raise PineconeValueError("the request is nested too deeply, or contains itself") from None
    try:
        return model.from_dict(given)
    except ModelError as error:
        raise PineconeValueError(f"the request cannot be built: {error}") from error


def _given(**fields: object) -> dict[str, object]:
    return {name: value for name, value in fields.items() if value is not None}


def _wire_form(given: object) -> object:
    """Return the JSON form of a model, or of an object that contains models."""
    match given:
        case Model():
            return given.to_dict()
        case Mapping():
            return {name: _wire_form(value) for name, value in given.items()}
        case list() | tuple():
            return [_wire_form(value) for value in given]
    return given


def _name(name: str) -> str:
    if not isinstance(name, str) or len(name) > _LONGEST_NAME or not re.fullmatch(_NAME, name):
        raise PineconeValueError(
            f"name must be 1 to {_LONGEST_NAME} lower-case letters, digits and hyphens, with a "
            f"letter or digit at both ends; got {name!r}"
        )
    return name


def _spec(spec: object) -> object:
    """Return a spec in its JSON form: exactly one of serverless, pod and byoc."""
    match spec:
        case models.ServerlessSpec():
            return {"serverless": spec}
        case models.PodSpec():
            return {"pod": spec}
        case models.ByocSpec():
            return {"byoc": spec}
    kinds = spec.to_dict() if isinstance(spec, Model) else spec
    if not isinstance(kinds, Mapping):
        raise PineconeValueError(
            "spec must be a ServerlessSpec, PodSpec, ByocSpec or a dict such as "
            f'{{"serverless": {{"cloud": "aws", "region": "us-east-1"}}}}; got {spec!r}'
        )
    if len(kinds) != 1 or next(iter(kinds)) not in _SPEC_KINDS:
        raise PineconeValueError(
            f"spec must have exactly one of serverless, pod or byoc, got "
            f"{', '.join(map(repr, kinds)) or 'none'}"
        )
    return kinds


def _vectors(dimension: int | None, metric: str | None, vector_type: str | None) -> None:
    if dimension is not None:
        whole_number("dimension", dimension, most=_LARGEST_DIMENSION)
    if vector_type == "sparse":
        if dimension is not None:
            raise PineconeValueError(f"a sparse index has no dimension, got {dimension!r}")
        if metric not in (None, "dotproduct"):
            raise PineconeValueError(
                f"the metric of a sparse index must be dotproduct, got {metric!r}"
            )
    elif vector_type in (None, "dense") and dimension is None:
        raise PineconeValueError(
            f"dimension is missing: a dense index needs one, from 1 to {_LARGEST_DIMENSION:,}",
            hint=Advice("For a sparse index, give {}.", Argument("vector_type", "'sparse'")),
        )


def _tags(tags: Mapping[str, str] | None) -> dict[str, str] | None:
    if tags is None:
        return None
    if not isinstance(tags, Mapping):
        raise PineconeValueError(f"tags must map keys to values, got {tags!r}")
    for key, value in tags.items():
        if not isinstance(key, str) or not isinstance(value, str):
            raise PineconeValueError(f"tags must map strings to strings, got {key!r}: {value!r}")
        if len(key) > _LONGEST_TAG_KEY or not re.fullmatch(_TAG_KEY, key):
            raise PineconeValueError(
                f"tag key {key!r} must be 1 to {_LONGEST_TAG_KEY} letters, digits, '_' and '-'"
            )
        if len(value) > _LONGEST_TAG_VALUE or not re.fullmatch(_TAG_VALUE, value):
            raise PineconeValueError(
                f"the value {value!r} of tag {key!r} must be at most {_LONGEST_TAG_VALUE} letters, "
                "digits, spaces and ;@_-.+"
            )
    return dict(tags)


def _refuse_unencodable(value: Any, path: str) -> None:
    """Refuse values that JSON cannot express; the error names the path of the first one."""
    match value:
        case None | bool() | int() | str():
            problem = None if _encodable(value) else "cannot be encoded"
        case float():
            problem = None if value == value and abs(value) != float("inf") else "is not finite"  # noqa: PLR0124 - not NaN
        case Mapping():
            problem = next(
                (
                    f"has the key {k!r}, which is not a string"
                    for k in value
                    if not isinstance(k, str)
                ),
                None,
            )
            for key, inner in value.items():
                _refuse_unencodable(inner, f"{path}.{key}" if path else str(key))
        case list() | tuple():
            problem = None
            for position, inner in enumerate(value):
                _refuse_unencodable(inner, f"{path}[{position}]")
        case _:
            problem = f"is a {type(value).__name__}, which JSON cannot express"
    if problem is not None:
        raise PineconeValueError(f"{path or 'the request'} {problem}: {value!r:.200}")


def _encodable(value: object) -> bool:
    try:
        msgspec.json.encode(value, enc_hook=str)  # also for subclasses of str, such as numpy's
    except (msgspec.MsgspecError, UnicodeEncodeError, OverflowError):
        return False
    return True
