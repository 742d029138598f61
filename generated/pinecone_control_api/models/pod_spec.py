from __future__ import annotations

import attrs

from .. import base


@attrs.frozen(kw_only=True, eq=False, repr=False, getstate_setstate=False)
class PodSpec(base.Model):
    """Location and size of a pod-based index.

    Attributes:
        environment (str): Pinecone environment that hosts the pods.
        pod_type (str): Type and size of each pod, joined by a dot: `s1`, `p1` or `p2`, then
            `x1`, `x2`, `x4` or `x8`.
        replicas (int, optional): Number of copies of the index, at least 1. More copies
            answer more queries and keep the index available when one fails; the number can be
            changed at any time. 1 when absent.
        shards (int, optional): Number of parts that the data is divided into, at least 1.
            More shards hold more data; 1 when absent, fixed from then on.
        pods (int, optional): Number of pods in all: `shards` times `replicas`. 1 when
            absent.
        metadata_config (PodMetadataConfig, optional): Which metadata can be filtered on.
            When absent, all of it. Pod-based indexes only.
        source_collection (str, optional): Name of a collection to fill the new index from.
            When absent, the index starts empty.
    """

    environment: str
    pod_type: str
    replicas: int | None = None
    shards: int | None = None
    pods: int | None = None
    metadata_config: PodMetadataConfig | None = None
    source_collection: str | None = None


# Last, so that models can refer to each other.
from ..models.pod_metadata_config import PodMetadataConfig
