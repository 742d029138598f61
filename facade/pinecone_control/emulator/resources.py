"""The four kinds of resource, as they are stored.

Moments are whole microseconds since the epoch on the emulator's clock. A row holds when things
began and will end; what that means now is computed in `lifecycle`, never stored.
"""

from __future__ import annotations

from typing import Any

import msgspec

Json = dict[str, Any]


class Index(msgspec.Struct, frozen=True, kw_only=True):
    """An index, or the name of one that is about to be gone."""

    name: str
    index_id: str
    host: str
    spec: Json
    metric: str
    vector_type: str
    dimension: int | None
    deletion_protection: str
    created_at: int
    ready_at: int
    fails: bool = False
    tags: dict[str, str] = msgspec.field(default_factory=dict)
    embed: Json | None = None
    scaling: str | None = None
    scaled_at: int = 0
    gone_at: int | None = None
    restore_job_id: str | None = None


class Collection(msgspec.Struct, frozen=True, kw_only=True):
    """A static copy of a pod index."""

    name: str
    collection_id: str
    source_index_id: str
    source_index_name: str
    environment: str
    dimension: int | None
    size: int
    vector_count: int
    created_at: int
    ready_at: int
    gone_at: int | None = None


class Backup(msgspec.Struct, frozen=True, kw_only=True):
    """A backup of a serverless or BYOC index: what a restored index inherits."""

    backup_id: str
    source_index_id: str
    source_index_name: str
    name: str | None
    description: str | None
    spec: Json
    cloud: str
    region: str
    metric: str
    vector_type: str
    dimension: int | None
    record_count: int
    namespace_count: int
    size_bytes: int
    created_at: int
    ready_at: int
    fails: bool = False
    tags: dict[str, str] = msgspec.field(default_factory=dict)
    embed: Json | None = None


class RestoreJob(msgspec.Struct, frozen=True):
    """The filling of a new index from a backup.

    Attributes:
        ends_at: when it reaches its outcome.
        outcome: Completed, Failed or Cancelled.
        full_time: microseconds that the whole restore takes; one that fails ends earlier.
    """

    restore_job_id: str
    backup_id: str
    target_index_name: str
    target_index_id: str
    created_at: int
    ends_at: int
    outcome: str
    full_time: int
