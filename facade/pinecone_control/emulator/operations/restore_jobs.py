"""Operations on restore jobs: list and describe. Restoring a backup creates them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pinecone_control.emulator.api import error_messages as errors
from pinecone_control.emulator.api import paging
from pinecone_control.emulator.api.http_messages import Result
from pinecone_control.emulator.operations.representations import restore_job_model

if TYPE_CHECKING:
    from pinecone_control.emulator.operations.call import Call
    from pinecone_control.emulator.state.resources import RestoreJob


def list_restore_jobs(call: Call) -> Result:
    """List a page of the jobs, newest first; a new job shifts the pages that follow."""
    requested = paging.window(call.query)
    total = call.tables.restore_jobs.count(call.project)
    jobs = call.tables.restore_jobs.page(call.project, requested.offset, requested.limit, total)
    if not call.settings.lists_jobs_of_deleted_indexes:
        jobs = [job for job in jobs if _has_target(call, job)]
    show = partial(restore_job_model, now=call.now, shows_progress=call.settings.shows_progress)
    return Result(200, paging.page(requested, jobs, total, show))


def describe_restore_job(call: Call) -> Result:
    """Describe one job, also after its target index was deleted."""
    job_id = call.path["job_id"]
    job = call.tables.restore_jobs.get(call.project, job_id)
    if job is None:
        raise errors.RESTORE_JOB_NOT_FOUND.error(id=job_id)
    shows_progress = call.settings.shows_progress
    return Result(200, restore_job_model(job, call.now, shows_progress=shows_progress))


def _has_target(call: Call, job: RestoreJob) -> bool:
    index = call.tables.indexes.get(call.project, job.target_index_name, call.now)
    return index is not None and index.index_id == job.target_index_id
