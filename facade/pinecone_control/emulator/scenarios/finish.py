"""Ends operations in progress: a restore, or the creation of a backup, index or collection."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve

from pinecone_control.emulator.scenarios.planned_transitions import checked_outcome
from pinecone_control.emulator.state import resource_status

if TYPE_CHECKING:
    from pinecone_control.emulator.context import Context
    from pinecone_control.emulator.state.resources import RestoreJob
    from pinecone_control.emulator.state.sql_tables import Tables


def finish(context: Context, name_or_id: str, outcome: str | None) -> None:
    """End the operation in progress on a name or id, in any project.

    Raises:
        ValueError: nothing of that name or id is in progress, or it cannot end in this way.
    """
    now = context.clock.microseconds()
    enders = (_finish_restore_job, _finish_backup, _finish_index, _finish_collection)
    with context.store.transaction(now) as tables:
        for project in tables.projects.all():
            for ender in enders:
                if ender(tables, project, name_or_id, outcome, now):
                    return
    raise ValueError(f"nothing called {name_or_id!r} is in progress")


def _finish_restore_job(
    tables: Tables, project: str, job_id: str, outcome: str | None, now: int
) -> bool:
    job = tables.restore_jobs.get(project, job_id)
    if job is None or resource_status.restore_job_status(job, now) != "Pending":
        return False
    ended = evolve(job, ends_at=now, outcome=checked_outcome("restore_job", outcome))
    tables.restore_jobs.save(project, ended)
    _end_target(tables, project, ended, now)
    return True


def _end_target(tables: Tables, project: str, job: RestoreJob, now: int) -> None:
    index = tables.indexes.get(project, job.target_index_name, now)
    if index is not None and index.index_id == job.target_index_id:
        outcome = "Ready" if job.outcome == "Completed" else "InitializationFailed"
        tables.indexes.save(project, evolve(index, ready_at=now, outcome=outcome))


def _finish_backup(
    tables: Tables, project: str, backup_id: str, outcome: str | None, now: int
) -> bool:
    backup = tables.backups.get(project, backup_id)
    if backup is None or now >= backup.ready_at:
        return False
    ended = evolve(backup, ready_at=now, outcome=checked_outcome("backup", outcome))
    tables.backups.save(project, ended)
    return True


def _finish_index(tables: Tables, project: str, name: str, outcome: str | None, now: int) -> bool:
    index = tables.indexes.get(project, name, now)
    if index is None or now >= index.ready_at:
        return False
    if index.restore_job_id is not None:
        raise ValueError(f"index {name!r} is being restored: finish {index.restore_job_id!r}")
    ended = evolve(index, ready_at=now, outcome=checked_outcome("index", outcome))
    tables.indexes.save(project, ended)
    return True


def _finish_collection(
    tables: Tables, project: str, name: str, outcome: str | None, now: int
) -> bool:
    collection = tables.collections.get(project, name, now)
    if collection is None or now >= collection.ready_at:
        return False
    checked_outcome("collection", outcome)
    tables.collections.save(project, evolve(collection, ready_at=now))
    return True
