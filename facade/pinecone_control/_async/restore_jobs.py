"""Restore jobs: list, describe, wait."""

from collections.abc import Callable, Iterable
from operator import attrgetter

from pinecone_control import checks
from pinecone_control._async.first_page import AsyncFirstPage
from pinecone_control._async.paging import AsyncPage
from pinecone_control._async.session import AsyncSession, expect
from pinecone_control.lifecycles import RESTORE_JOB, AllOf
from pinecone_control_api.api.manage_indexes import describe_restore_job, list_restore_jobs
from pinecone_control_api.models.restore_job import RestoreJob
from pinecone_control_api.models.restore_job_list import RestoreJobList
from pinecone_control_api.types import UNSET


class AsyncRestoreJobs(AsyncSession):
    """The operations on restore jobs."""

    def list_restore_jobs(
        self, *, limit: int = checks.LARGEST_PAGE, pagination_token: str | None = None
    ) -> AsyncFirstPage[RestoreJob]:
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
        checks.page_size(limit)

        async def fetch(token: str | None) -> AsyncPage[RestoreJob]:
            with self._call("list_restore_jobs"):
                answer = await list_restore_jobs.asyncio_detailed(
                    client=self._api,
                    limit=UNSET if token else limit,
                    pagination_token=token or UNSET,
                )
                listing = expect(RestoreJobList, answer)
            return AsyncPage(
                listing.data,
                listing.pagination,
                fetch=fetch,
                identity=attrgetter("restore_job_id"),
                token=token,
            )

        return AsyncFirstPage(fetch, checks.page_token(pagination_token))

    async def describe_restore_job(self, job_id: str) -> RestoreJob:
        """Return one restore job.

        Args:
            job_id: the `restore_job_id`.

        Raises:
            PineconeValueError: `job_id` is empty, `.`, `..` or has a slash.
            NotFoundError: no such job in this project; for some seconds after its creation this
                can pass (documentation).
        """
        checks.identifier("job_id", job_id)
        with self._call("describe_restore_job"):
            answer = await describe_restore_job.asyncio_detailed(job_id, client=self._api)
            return expect(RestoreJob, answer)

    async def wait_for_restore_job(
        self,
        job_id: str,
        *,
        timeout: float = 3600.0,
        poll_interval: float | None = None,
        on_update: Callable[[RestoreJob], None] | None = None,
    ) -> RestoreJob:
        """Wait until a restore job is completed.

        Args:
            job_id: the `restore_job_id`.
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
        checks.identifier("job_id", job_id)
        return await self._wait(
            lambda client: client.describe_restore_job(job_id),
            RESTORE_JOB,
            job_id,
            timeout=timeout,
            poll_interval=poll_interval,
            on_update=on_update,
        )

    async def wait_for_restore_jobs(
        self,
        job_ids: Iterable[str],
        *,
        timeout: float = 3600.0,
        poll_interval: float | None = None,
        on_update: Callable[[RestoreJob], None] | None = None,
    ) -> list[RestoreJob]:
        """Wait until all of many restore jobs have ended, with few requests.

        Each look goes through the listing until all jobs still at work were seen, instead of
        asking for each; only jobs that the listing leaves out are described.

        Args:
            job_ids: `restore_job_id` values; repeated ones count once.
            timeout: seconds for the whole wait, retries included; an hour by default.
            poll_interval: seconds between two looks; adaptive by default.
            on_update: called with a job when it is first seen and at each change of it.

        Returns:
            The completed jobs, in the order of `job_ids`.

        Raises:
            OperationFailedError: all have ended, and at least one failed or was cancelled; `last`
                is the list of all jobs.
            WaitTimeoutError: some were still at work; `last` is the list of the jobs seen.
        """
        wanted = [checks.identifier("job_ids", job_id) for job_id in dict.fromkeys(job_ids)]
        seen: dict[str, RestoreJob] = {}

        def note(job: RestoreJob) -> None:
            before = seen.get(job.restore_job_id)
            seen[job.restore_job_id] = job
            is_news = before is None or RESTORE_JOB.seen(before) != RESTORE_JOB.seen(job)
            if is_news and on_update is not None:
                on_update(job)

        async def look(client: AsyncRestoreJobs) -> list[RestoreJob]:
            at_work = {
                job_id
                for job_id in wanted
                if job_id not in seen or RESTORE_JOB.verdict(seen[job_id]) == "at work"
            }
            if at_work:
                async for job in client.list_restore_jobs():
                    if job.restore_job_id in at_work:
                        at_work.discard(job.restore_job_id)
                        note(job)
                        if not at_work:
                            break
            for job_id in sorted(at_work):
                note(await client.describe_restore_job(job_id))
            return [seen[job_id] for job_id in wanted]

        if not wanted:
            return []
        return await self._wait(
            look,
            AllOf(RESTORE_JOB),
            f"{len(wanted)} given",
            timeout=timeout,
            poll_interval=poll_interval,
            on_update=None,
        )
