"""Pure functions: the state of a resource at a given time, from its stored timestamps.

Source of the states: the contract's enums for indexes and collections, the documentation for
backups and restore jobs. It is an assumption that a failed or
cancelled restore leaves its index InitializationFailed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pinecone_control.emulator.state.resources import Backup, Collection, Index, RestoreJob


def index_state(index: Index, now: int) -> str:
    """Return `status.state` of an index."""
    if index.gone_at is not None:
        return "Terminating"
    if now < index.ready_at:
        return "Initializing"
    if index.outcome != "Ready":
        return index.outcome
    if index.scaling is not None and now < index.scaled_at:
        return index.scaling
    return "Ready"


def is_index_usable(index: Index, now: int) -> bool:
    """Return `status.ready` of an index; an index that is scaling is ready."""
    unusable = {"Initializing", "InitializationFailed", "Terminating", "Disabled"}
    return index_state(index, now) not in unusable


def collection_status(collection: Collection, now: int) -> str:
    """Return `status` of a collection."""
    if collection.gone_at is not None:
        return "Terminating"
    return "Initializing" if now < collection.ready_at else "Ready"


def backup_status(backup: Backup, now: int) -> str:
    """Return `status` of a backup.

    A failed one is InitializationFailed by the documentation, Failed by the contract's text.
    """
    if now < backup.ready_at:
        return "Initializing"
    return backup.outcome


def restore_job_status(job: RestoreJob, now: int) -> str:
    """Return `status` of a restore job; a running one is Pending, by the documentation."""
    return "Pending" if now < job.ends_at else job.outcome


def percent_complete(job: RestoreJob, now: int) -> float:
    """Return a restore job's progress, 0 to 100, linear in time until the job ends."""
    if restore_job_status(job, now) == "Completed":
        return 100.0
    elapsed = min(now, job.ends_at) - job.created_at
    share = elapsed / job.full_duration if job.full_duration > 0 else 0.0
    return round(min(100.0, max(0.0, 100.0 * share)), 1)
