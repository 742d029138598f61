"""Resources as the API represents them in JSON, at a given time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pinecone_control.emulator.clock import timestamp
from pinecone_control.emulator.operations import read_capacity
from pinecone_control.emulator.state import resource_status

if TYPE_CHECKING:
    from pinecone_control.emulator.state.resources import (
        Backup,
        Collection,
        Index,
        Json,
        RestoreJob,
    )


def index_model(index: Index, now: int) -> Json:
    """Return the contract's `IndexModel`, with what later versions add to it."""
    return _present(
        name=index.name,
        vector_type=index.vector_type,
        metric=index.metric,
        dimension=index.dimension,
        status={
            "ready": resource_status.is_index_usable(index, now),
            "state": resource_status.index_state(index, now),
        },
        host=index.host,
        spec=_full_spec(index),
        deletion_protection=index.deletion_protection,
        tags=index.tags or None,
        embed=index.embed,
        fields=index.fields,
    )


def _full_spec(index: Index) -> Json:
    """Return the spec with what API versions from 2025-10 on add to it."""
    ((kind, place),) = index.spec.items()
    if kind == "pod":
        return index.spec
    schema = {} if index.schema is None else {"schema": index.schema}
    return {kind: {**place, "read_capacity": read_capacity.shown(index.read_capacity), **schema}}


def collection_model(collection: Collection, now: int) -> Json:
    """Return the contract's `CollectionModel`; its sizes are known once it is ready."""
    status = resource_status.collection_status(collection, now)
    is_counted = status != "Initializing"
    return _present(
        name=collection.name,
        status=status,
        environment=collection.environment,
        dimension=collection.dimension,
        size=collection.size if is_counted else None,
        vector_count=collection.vector_count if is_counted else None,
    )


def backup_model(backup: Backup, now: int) -> Json:
    """Return the contract's `BackupModel`, with what later versions add to it.

    Its counts are known once it is ready.
    """
    status = resource_status.backup_status(backup, now)
    is_counted = status == "Ready"
    deleted_at = backup.source_index_deleted_at
    return _present(
        backup_id=backup.backup_id,
        source_index_name=backup.source_index_name,
        source_index_id=backup.source_index_id,
        name=backup.name,
        description=backup.description,
        status=status,
        cloud=backup.cloud,
        region=backup.region,
        dimension=backup.dimension,
        metric=backup.metric,
        record_count=backup.record_count if is_counted else None,
        namespace_count=backup.namespace_count if is_counted else None,
        size_bytes=backup.size_bytes if is_counted else None,
        tags=backup.tags or None,
        created_at=timestamp(backup.created_at),
        schema=backup.schema,
        fields=backup.fields,
        source_index_deleted_at=None if deleted_at is None else timestamp(deleted_at),
    )


def restore_job_model(job: RestoreJob, now: int, *, shows_progress: bool) -> Json:
    """Return the contract's `RestoreJobModel`.

    Args:
        job: the stored job.
        now: microseconds since the epoch.
        shows_progress: whether a job that has not completed states `percent_complete`.
    """
    status = resource_status.restore_job_status(job, now)
    model: Json = {
        "restore_job_id": job.restore_job_id,
        "backup_id": job.backup_id,
        "target_index_name": job.target_index_name,
        "target_index_id": job.target_index_id,
        "status": status,
        "created_at": timestamp(job.created_at),
    }
    is_completed = status == "Completed"
    if is_completed:
        model["completed_at"] = timestamp(job.ends_at)
    if is_completed or shows_progress:
        model["percent_complete"] = resource_status.percent_complete(job, now)
    return model


def _present(**fields: object) -> Json:
    return {name: value for name, value in fields.items() if value is not None}
