# Derived from _async/restore_jobs.py by scripts/generate/derive_sync.py. Do not edit.
"""Restore jobs: list, describe, wait."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from operator import attrgetter

from pinecone_control._core import arguments
from pinecone_control._core.lifecycles import RESTORE_JOB, GroupLifecycle
from pinecone_control._sync.paging import Page
from pinecone_control._sync.resource_group import ResourceGroup
from pinecone_control._sync.session import Session, expect
from pinecone_control_api import models
from pinecone_control_api.api.manage_indexes import describe_restore_job, list_restore_jobs
from pinecone_control_api.types import UNSET


class RestoreJobs(Session):
    """The operations on restore jobs."""

    def list_restore_jobs(
        self, *, limit: int = arguments.LARGEST_PAGE, pagination_token: str | None = None
    ) -> Page[models.RestoreJob]:
        """List the project's restore jobs, a page at a time.

        The listing of the real service is not exhaustive: jobs whose target index was deleted are
        left out (documentation). To follow one job, keep its id and describe it.

        Args:
            limit: page size, 1 to 100 (contract); checked here. The default is the largest, so
                that going through all pages costs the fewest requests.
            pagination_token: the `pagination.next` of an earlier page. It carries the page size
                (seed), so `limit` is not sent beside it.

        Raises:
            PineconeValueError: `limit` or `pagination_token` cannot be right.
            ApiError, PineconeConnectionError, PineconeTimeoutError, ResponseParsingError: see
                `pinecone_control.errors`.
        """
        arguments.page_size(limit)

        def fetch(token: str | None) -> Page[models.RestoreJob]:
            with self._call("list_restore_jobs"):
                answer = list_restore_jobs.sync_detailed(
                    client=self._api,
                    limit=UNSET if token else limit,
                    pagination_token=token or UNSET,
                )
                listing = expect(models.RestoreJobList, answer)
            return Page(
                listing.data,
                listing.pagination,
                fetch=fetch,
                identity=attrgetter("restore_job_id"),
                token=token,
            )

        return fetch(arguments.page_token(pagination_token))

    def describe_restore_job(
        self, job_id: str | models.RestoreJob | models.CreateIndexFromBackupResponse
    ) -> models.RestoreJob:
        """Return one restore job.

        Args:
            job_id: the `restore_job_id`, or what has one: a job, or the answer of a restore.

        Raises:
            PineconeValueError: `job_id` is empty, `.`, `..` or has a slash.
            NotFoundError: no such job in this project; for some seconds after its creation this
                can pass (documentation).
        """
        restore_job_id = arguments.restore_job_id("job_id", job_id)
        with self._call("describe_restore_job"):
            answer = describe_restore_job.sync_detailed(restore_job_id, client=self._api)
            return expect(models.RestoreJob, answer)

    def wait_for_restore_job(
        self,
        job_id: str | models.RestoreJob | models.CreateIndexFromBackupResponse,
        *,
        timeout: float = 3600.0,
        poll_interval: float | None = None,
        on_update: Callable[[models.RestoreJob], None] | None = None,
    ) -> models.RestoreJob:
        """Wait until a restore job is completed.

        Args:
            job_id: the `restore_job_id`, or what has one: a job, or the answer of a restore.
            timeout: seconds for the whole wait, retries included; an hour by default.
            poll_interval: seconds between two looks. By default half a second at first, growing
                to five, with jitter.
            on_update: called with the job at the first look and at each change of its status or
                its progress.

        Returns:
            The completed job.

        Raises:
            OperationFailedError: the job failed or was cancelled; `last` is its last state.
            WaitTimeoutError: it was not completed in time; `last` is its last state.
            NotFoundError: it was unknown for 30 seconds on end. (A 404 of a fresh job passes:
                documentation; the 30 seconds are an assumption.)
        """
        restore_job_id = arguments.restore_job_id("job_id", job_id)
        return self._wait(
            lambda: self.describe_restore_job(restore_job_id),
            RESTORE_JOB,
            restore_job_id,
            timeout=timeout,
            poll_interval=poll_interval,
            on_update=on_update,
        )

    def wait_for_restore_jobs(
        self,
        job_ids: Iterable[str | models.RestoreJob | models.CreateIndexFromBackupResponse],
        *,
        timeout: float = 3600.0,
        poll_interval: float | None = None,
        on_update: Callable[[models.RestoreJob], None] | None = None,
    ) -> list[models.RestoreJob]:
        """Wait until all of many restore jobs have ended, with few requests.

        Each look goes through the listing until all jobs still at work were seen, instead of
        asking for each; only jobs that the listing leaves out are described.

        Args:
            job_ids: `restore_job_id` values, or what has one; repeated ones count once.
            timeout: seconds for the whole wait, retries included; an hour by default.
            poll_interval: seconds between two looks; adaptive by default.
            on_update: called with a job when it is first seen and at each change of it.

        Returns:
            The completed jobs, in the order of `job_ids`.

        Raises:
            OperationFailedError: all have ended, and at least one failed or was cancelled; `last`
                is the list of all jobs.
            WaitTimeoutError: some were still at work; `last` is the list of the jobs seen.
            NotFoundError: one of them was unknown for 30 seconds on end.
            PineconeValueError: `job_ids` is one string, or has an id that cannot be one.
        """
        wanted = arguments.several(arguments.restore_job_id, "job_ids", job_ids)
        if not wanted:
            return []
        jobs = ResourceGroup(
            wanted,
            RESTORE_JOB,
            id_of=attrgetter("restore_job_id"),
            pages=lambda: self.list_restore_jobs().iter_pages(),
            describe=self.describe_restore_job,
            clock=self._clock,
        )
        return self._wait(
            jobs.look,
            GroupLifecycle(RESTORE_JOB, len(wanted)),
            f"{len(wanted)} given",
            timeout=timeout,
            poll_interval=poll_interval,
            on_update=jobs.for_each_change(on_update),
        )
