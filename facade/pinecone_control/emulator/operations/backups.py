"""Operations on backups, and on indexes restored from them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pinecone_control.emulator.api import error_messages as errors
from pinecone_control.emulator.api import paging
from pinecone_control.emulator.api.http_messages import Result
from pinecone_control.emulator.operations import validation
from pinecone_control.emulator.operations.indexes import (
    check_index_quota,
    check_name_is_free,
    host_of,
)
from pinecone_control.emulator.operations.representations import backup_model
from pinecone_control.emulator.state import resource_status
from pinecone_control.emulator.state.resources import Backup, Index, RestoreJob

if TYPE_CHECKING:
    from pinecone_control.emulator.operations.call import Call


def create_backup(call: Call) -> Result:
    """Back up a serverless or BYOC index; pod indexes have collections instead (docs)."""
    index = call.index(call.path["index_name"])
    if "pod" in index.spec:
        raise errors.BACKUP_OF_PODS.error(name=index.name)
    if not resource_status.is_index_usable(index, call.now):
        state = resource_status.index_state(index, call.now)
        raise errors.INDEX_NOT_READY.error(name=index.name, state=state)
    if validation.is_used_up(call.settings.backup_quota, call.tables.backups.count(call.project)):
        raise errors.BACKUP_QUOTA.error()
    number = call.number("backup")
    backup = _backup(call, index, number)
    call.tables.backups.add(call.project, number, backup)
    return Result(201, backup_model(backup, call.now))


def list_index_backups(call: Call) -> Result:
    """List a page of one index's backups, newest first.

    With `include_deleted`, which 2026-07 has, list those of every index that ever had the name.
    """
    name = call.path["index_name"]
    if call.query.get("include_deleted") == "true":
        index_ids = call.tables.backups.source_ids(call.project, name)
        if not index_ids:
            index_ids = [call.index(name).index_id]
        return _backup_page(call, index_ids)
    return _backup_page(call, [call.index(name).index_id])


def list_project_backups(call: Call) -> Result:
    """List a page of the project's backups, newest first."""
    return _backup_page(call, None)


def describe_backup(call: Call) -> Result:
    """Describe one backup; it outlives its source index."""
    return Result(200, backup_model(call.backup(call.path["backup_id"]), call.now))


def delete_backup(call: Call) -> Result:
    """Delete a backup at once, unless a restore job still reads from it."""
    backup = call.backup(call.path["backup_id"])
    pending = call.tables.restore_jobs.pending_of_backup(call.project, backup.backup_id, call.now)
    if pending:
        raise errors.PENDING_RESTORE_JOBS.error(ids=[job.restore_job_id for job in pending])
    call.tables.backups.remove(call.project, backup.backup_id)
    return Result(202)


def create_index_from_backup(call: Call) -> Result:
    """Start to restore a backup into a new index, which inherits all unstated properties."""
    backup = call.backup(call.path["backup_id"])
    check_name_is_free(call, call.body["name"])
    if resource_status.backup_status(backup, call.now) != "Ready":
        raise errors.BACKUP_NOT_READY.error(id=backup.backup_id)
    check_index_quota(call)
    # The official Python SDK 7 sends empty tags where its user gave none.
    given = call.body.get("tags")
    tags = validation.merged_tags({}, given) if given else backup.tags
    job = _restore_job(call, backup, call.number("index"))
    call.tables.restore_jobs.add(call.project, call.number("restore_job"), [job])
    call.tables.indexes.save(call.project, _restored_index(call, backup, job, tags))
    return Result(202, {"restore_job_id": job.restore_job_id, "index_id": job.target_index_id})


def _backup_page(call: Call, index_ids: list[str] | None) -> Result:
    requested = paging.window(call.query)
    backups = call.tables.backups.page(call.project, requested.offset, requested.limit, index_ids)
    total = call.tables.backups.count(call.project, index_ids)
    return Result(200, paging.page(requested, backups, total, partial(backup_model, now=call.now)))


def _backup(call: Call, index: Index, number: int) -> Backup:
    transition = call.plans.next_transition("backup", index.name, call.settings.backup_seconds)
    place = index.spec.get("serverless") or index.spec["byoc"]
    return Backup(
        backup_id=call.random.uuid(call.project, "backup", number),
        source_index_id=index.index_id,
        source_index_name=index.name,
        name=call.body.get("name"),
        description=call.body.get("description"),
        spec=index.spec,
        cloud=place.get("cloud", "byoc"),
        region=place.get("region") or place["environment"],
        metric=index.metric,
        vector_type=index.vector_type,
        dimension=index.dimension,
        record_count=index.record_count,
        namespace_count=1 if index.record_count else 0,
        size_bytes=index.record_count * 4 * (index.dimension or 128),
        created_at=call.now,
        ready_at=call.now + transition.duration,
        outcome=transition.outcome,
        tags=index.tags,
        embed=index.embed,
        schema=index.schema,
        fields=index.fields,
    )


def _restore_job(call: Call, backup: Backup, index_number: int) -> RestoreJob:
    name = call.body["name"]
    transition = call.plans.next_transition("restore_job", name, call.settings.restore_seconds)
    return RestoreJob(
        restore_job_id=call.random.uuid(call.project, "restore job", index_number),
        backup_id=backup.backup_id,
        target_index_name=name,
        target_index_id=call.random.uuid(call.project, "index", index_number),
        created_at=call.now,
        ends_at=call.now + transition.duration,
        outcome=transition.outcome,
        full_duration=transition.full_duration,
    )


def _restored_index(call: Call, backup: Backup, job: RestoreJob, tags: dict[str, str]) -> Index:
    return Index(
        name=job.target_index_name,
        index_id=job.target_index_id,
        host=host_of(call, job.target_index_name, backup.spec),
        spec=backup.spec,
        metric=backup.metric,
        vector_type=backup.vector_type,
        dimension=backup.dimension,
        deletion_protection=call.body.get("deletion_protection", "disabled"),
        created_at=job.created_at,
        ready_at=job.ends_at,
        outcome="Ready" if job.outcome == "Completed" else "InitializationFailed",
        tags=tags,
        embed=backup.embed,
        restore_job_id=job.restore_job_id,
        record_count=backup.record_count,
        schema=backup.schema,
        fields=backup.fields,
    )
