"""The four kinds of resource, as they are stored.

Timestamps are whole microseconds since the epoch on the emulator's clock. A record holds the times
of transitions; the state that follows from them is computed in `resource_status`, never stored.
"""

from __future__ import annotations

from typing import Any

from attrs import Factory, frozen

Json = dict[str, Any]
"""A decoded JSON object."""

DOMAIN = "pinecone.invalid"
"""Domain of every host: it never resolves, so that no vectors reach a real index."""


@frozen(kw_only=True)
class Index:
    """An index, stored until its deletion is complete.

    Attributes:
        outcome: final state, from `ready_at` on.
        scaling: state that a reconfigured pod index shows until `scaled_at`.
        gone_at: when its deletion is complete; None unless it is being deleted.
        record_count: number of vectors; those of its source, because none can be written here.
        read_capacity: as requested; None means on demand. From API version 2025-10 on.
        schema: schema of the metadata. From API version 2025-10 on.
        fields: all fields by name, as API version 2026-07 creates them.
    """

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
    outcome: str = "Ready"
    tags: dict[str, str] = Factory(dict)
    embed: Json | None = None
    scaling: str | None = None
    scaled_at: int = 0
    gone_at: int | None = None
    restore_job_id: str | None = None
    record_count: int = 0
    read_capacity: Json | None = None
    schema: Json | None = None
    fields: Json | None = None


@frozen(kw_only=True)
class Collection:
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


@frozen(kw_only=True)
class Backup:
    """A backup of a serverless or BYOC index, with the properties that a restored index inherits.

    Attributes:
        outcome: final status, from `ready_at` on.
    """

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
    outcome: str = "Ready"
    tags: dict[str, str] = Factory(dict)
    embed: Json | None = None
    schema: Json | None = None
    fields: Json | None = None
    source_index_deleted_at: int | None = None


@frozen
class RestoreJob:
    """The restore of a backup into a new index.

    Attributes:
        ends_at: time at which it reaches its outcome.
        outcome: Completed, Failed or Cancelled.
        full_duration: microseconds that the whole restore takes; a failed one ends earlier.
    """

    restore_job_id: str
    backup_id: str
    target_index_name: str
    target_index_id: str
    created_at: int
    ends_at: int
    outcome: str
    full_duration: int
