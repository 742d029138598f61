"""Checks of rules that the contract states in prose only, outside its schemas."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pinecone_control.emulator.api import error_messages as errors

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pinecone_control.emulator.settings import Settings
    from pinecone_control.emulator.state.resources import Json

_NAME = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")
_TAG_KEY = re.compile(r"[A-Za-z0-9_-]{1,80}")
_TAG_VALUE = re.compile(r"[A-Za-z0-9;@_\-.+ ]{0,120}")
_POD_TYPE = re.compile(r"(?P<family>s1|p1|p2)\.x(?P<size>[1248])")


def check_name(kind: str, name: str) -> None:
    """Refuse a name that is not lower-case alphanumerics and hyphens (contract, in prose).

    Args:
        kind: `Index` or `Collection`, for the message.
        name: the name.

    Raises:
        HttpError: 400.
    """
    if not _NAME.fullmatch(name):
        raise errors.BAD_NAME.error(kind=kind)


def merged_tags(old: Mapping[str, str], changes: Mapping[str, str]) -> dict[str, str]:
    """Return tags after a change: an empty value unsets its key, other keys stay (contract, docs).

    Raises:
        HttpError: 400, for a key or value of the wrong length or characters.
    """
    for key, value in changes.items():
        if not _TAG_KEY.fullmatch(key):
            raise errors.BAD_TAG_KEY.error(key=key)
        if not _TAG_VALUE.fullmatch(value):
            raise errors.BAD_TAG_VALUE.error(key=key)
    return {key: value for key, value in {**old, **changes}.items() if value}


def check_region(cloud: str, region: str, settings: Settings) -> None:
    """Refuse a region that the cloud does not have.

    Raises:
        HttpError: 404, as the contract documents it.
    """
    if settings.regions is not None and region not in settings.regions.get(cloud, ()):
        raise errors.REGION_NOT_FOUND.error(cloud=cloud, region=region)


def is_used_up(quota: int | None, count: int) -> bool:
    """Return whether a quota is used up; None allows any number."""
    return quota is not None and count >= quota


def vectors(body: Json) -> tuple[str, str, int | None]:
    """Return vector type, metric and dimension of a new index.

    Sparse vectors take the metric dotproduct and no dimension; dense ones need a dimension and
    take cosine by default (contract, in prose).

    Raises:
        HttpError: 400.
    """
    vector_type = body.get("vector_type", "dense")
    dimension = body.get("dimension")
    if vector_type == "sparse":
        metric = body.get("metric", "dotproduct")
        if metric != "dotproduct":
            raise errors.SPARSE_METRIC.error()
        if dimension is not None:
            raise errors.SPARSE_DIMENSION.error()
        return "sparse", metric, None
    if vector_type != "dense":
        raise errors.BAD_VECTOR_TYPE.error(vector_type=vector_type)
    if dimension is None:
        raise errors.DENSE_WITHOUT_DIMENSION.error()
    return "dense", body.get("metric", "cosine"), int(dimension)


def pod_spec(requested: Json) -> Json:
    """Return a pod spec with the contract's defaults filled in.

    Raises:
        HttpError: 400, for an unknown pod type or a number of pods that is not shards x replicas.
    """
    check_pod_type(requested["pod_type"])
    replicas, shards = int(requested.get("replicas", 1)), int(requested.get("shards", 1))
    pods = int(requested.get("pods", replicas * shards))
    if pods != replicas * shards:
        raise errors.BAD_POD_COUNT.error(shards=shards, replicas=replicas, pods=pods)
    return {**requested, "replicas": replicas, "shards": shards, "pods": pods}


def check_pod_type(pod_type: str) -> None:
    """Refuse a pod type that does not exist (contract, in prose).

    Raises:
        HttpError: 400.
    """
    if not _POD_TYPE.fullmatch(pod_type):
        raise errors.BAD_POD_TYPE.error(pod_type=pod_type)


def scaled_pod(spec: Json, changes: Json) -> tuple[Json, str | None]:
    """Return a pod spec after a change, and the state that the index shows meanwhile.

    Raises:
        HttpError: 400, for another family of pods or a smaller size (assumption: pods only grow).
    """
    old_type: str = spec["pod_type"]
    pod_type: str = changes.get("pod_type") or old_type
    replicas = int(changes.get("replicas") or spec["replicas"])
    check_pod_type(pod_type)
    family, _, size = old_type.partition(".x")
    new_family, _, new_size = pod_type.partition(".x")
    if family != new_family or int(new_size) < int(size):
        raise errors.POD_TYPE_CHANGE.error(old=old_type, new=pod_type)
    state = None
    if new_size != size:
        state = "ScalingUpPodSize"
    elif replicas != spec["replicas"]:
        state = "ScalingUp" if replicas > spec["replicas"] else "ScalingDown"
    pods = replicas * spec["shards"]
    return {**spec, "pod_type": pod_type, "replicas": replicas, "pods": pods}, state
