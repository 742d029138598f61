"""Restore jobs: list, describe, wait."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from operator import attrgetter

from pinecone_control._async.first_page import AsyncFirstPage
from pinecone_control._async.paging import AsyncPage
from pinecone_control._async.resource_group import AsyncResourceGroup
from pinecone_control._async.session import AsyncSession, expect
from pinecone_control._async.waiting import wait_until_ready
from pinecone_control._core import arguments
from pinecone_control._core.identity import expect_resource
from pinecone_control._core.wait_conditions import RESTORE_JOB
from pinecone_control_api import models
from pinecone_control_api.api.manage_indexes import describe_restore_job, list_restore_jobs
from pinecone_control_api.types import UNSET


class AsyncRestoreJobs(AsyncSession):
    """The operations on restore jobs."""

    def list_restore_jobs(
        self, *, limit: int = arguments.LARGEST_PAGE, pagination_token: str | None = None
    ) -> AsyncFirstPage[models.RestoreJob]:
        """List the project's restore jobs, a page at a time.

        The service's listing is not complete: it omits jobs whose target index was deleted
        (documentation). To follow one job, store its id and describe it.

        Args:
            limit: page size, 1 to 100 (contract); checked here. The default is the largest, so
                that listing everything takes the fewest requests.
            pagination_token: the `pagination.next` of an earlier page. It contains the page size,
                so `limit` is not sent with it (documentation).

        Raises:
            PineconeValueError: `limit` or `pagination_token` is invalid.
            ApiError, PineconeConnectionError, PineconeTimeoutError, ResponseParsingError: see
                `pinecone_control.errors`.
        """
        arguments.page_size(limit)

        async def fetch(token: str | None) -> AsyncPage[models.RestoreJob]:
            with self._call("list_restore_jobs"):
                answer = await list_restore_jobs.asyncio_detailed(
                    client=self._api,
                    limit=UNSET if token else limit,
                    pagination_token=token or UNSET,
                )
                listing = expect(models.RestoreJobList, answer)
            return AsyncPage(
                listing.data,
                listing.pagination,
                fetch=fetch,
                identity=attrgetter("restore_job_id"),
                token=token,
            )

        return AsyncFirstPage(fetch, arguments.page_token(pagination_token))

    async def describe_restore_job(
        self, job_id: str | models.RestoreJob | models.CreateIndexFromBackupResponse
    ) -> models.RestoreJob:
        """Return one restore job.

        Args:
            job_id: the `restore_job_id`, or an object that has one: a job or the result of a
                restore.

        Raises:
            PineconeValueError: `job_id` is empty, `.`, `..` or has a slash.
            NotFoundError: there is no such job in this project. This can be temporary for some
                seconds after the job was created (documentation).
        """
        restore_job_id = arguments.restore_job_id("job_id", job_id)
        with self._call("describe_restore_job"):
            answer = await describe_restore_job.asyncio_detailed(restore_job_id, client=self._api)
            return expect(models.RestoreJob, answer)

    async def _this_job(self, job_id: str) -> models.RestoreJob:
        """Return one restore job, from which a conclusion is drawn."""
        with self._call("describe_restore_job"):
            return expect_resource(
                job_id, await self.describe_restore_job(job_id), "restore_job_id"
            )

    async def wait_for_restore_job(
        self,
        job_id: str | models.RestoreJob | models.CreateIndexFromBackupResponse,
        *,
        timeout: float = 3600.0,
        poll_interval: float | None = None,
        on_update: Callable[[models.RestoreJob], None] | None = None,
    ) -> models.RestoreJob:
        """Wait until a restore job is completed.

        Args:
            job_id: the `restore_job_id`, or an object that has one: a job or the result of a
                restore.
            timeout: seconds for the whole wait, retries included; an hour by default.
            poll_interval: seconds between two requests. By default half a second at first,
                growing to five, with jitter.
            on_update: called with the job at the first request and when its status or progress
                changes.

        Returns:
            The completed job.

        Raises:
            OperationFailedError: the job failed or was cancelled; `last` is its last state.
            WaitTimeoutError: it was not completed in time; `last` is its last state.
            NotFoundError: it was unknown for 30 seconds. (That a new job may be unknown is from
                the documentation; the 30 seconds are an assumption.)
        """
        restore_job_id = arguments.restore_job_id("job_id", job_id)
        return await wait_until_ready(
            lambda: self._this_job(restore_job_id),
            RESTORE_JOB,
            restore_job_id,
            clock=self._clock,
            timeout=timeout,
            poll_interval=poll_interval,
            on_update=on_update,
        )

    async def wait_for_restore_jobs(
        self,
        job_ids: Iterable[str | models.RestoreJob | models.CreateIndexFromBackupResponse],
        *,
        timeout: float = 3600.0,
        poll_interval: float | None = None,
        on_update: Callable[[models.RestoreJob], None] | None = None,
    ) -> list[models.RestoreJob]:
        """Wait until many restore jobs have ended, with few requests.

        Instead of describing each job, this reads the listing until it has seen all jobs in
        progress. It describes only jobs that the listing omits.

        Args:
            job_ids: restore job ids, or objects that have one; repeated ones count once.
            timeout: seconds for the whole wait, retries included; an hour by default.
            poll_interval: seconds between two requests; adaptive by default.
            on_update: called with a job when it is first seen and when it changes.

        Returns:
            The completed jobs, in the order of `job_ids`.

        Raises:
            OperationFailedError: all have ended, and at least one failed or was cancelled; `last`
                is the list of all jobs.
            WaitTimeoutError: some were still in progress; `last` is the list of the jobs seen.
            NotFoundError: one of them was unknown for 30 seconds.
            PineconeValueError: `job_ids` is a single string, or contains an invalid id.
        """
        wanted = arguments.several(arguments.restore_job_id, "job_ids", job_ids)
        group = AsyncResourceGroup(
            wanted,
            RESTORE_JOB,
            id_of=attrgetter("restore_job_id"),
            pages=lambda: self.list_restore_jobs().iter_pages(),
            describe=self._this_job,
            clock=self._clock,
        )
        return await group.wait(timeout=timeout, poll_interval=poll_interval, on_update=on_update)
