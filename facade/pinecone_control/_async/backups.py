"""Backups: create, list, describe, delete, wait; and indexes made from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from operator import attrgetter
from typing import Final, Literal, overload

from pinecone_control._async.first_page import AsyncFirstPage
from pinecone_control._async.indexes import AsyncIndexes
from pinecone_control._async.paging import AsyncPage
from pinecone_control._async.reconciling import with_call_tag
from pinecone_control._async.resource_group import AsyncResourceGroup
from pinecone_control._async.restore_jobs import AsyncRestoreJobs
from pinecone_control._async.session import expect, expect_deletion
from pinecone_control._checks import switch
from pinecone_control._core import arguments, request_bodies
from pinecone_control._core.backup_freshness import (
    BackupFreshness,
    backups_of,
    checked_demands,
    freshness_of,
    newest,
)
from pinecone_control._core.lifecycles import BACKUP, FRESH_GRACE, GroupLifecycle, as_known
from pinecone_control._core.poll_pauses import check_wait_after_create
from pinecone_control.errors import Call, CallError
from pinecone_control.models import DeletionProtection
from pinecone_control_api import models
from pinecone_control_api.api.manage_indexes import (
    create_backup,
    create_index_from_backup_operation,
    delete_backup,
    describe_backup,
    list_index_backups,
    list_project_backups,
)
from pinecone_control_api.types import UNSET

_AT_ONCE: Final = 0.001


class AsyncBackups(AsyncIndexes, AsyncRestoreJobs):
    """The operations on backups. Only serverless and BYOC indexes can be backed up."""

    async def create_backup(
        self,
        index_name: str | models.Index,
        *,
        name: str | None = None,
        description: str | None = None,
        backup_name: str | None = None,
        wait: bool = False,
        wait_timeout: float = 3600.0,
    ) -> models.Backup:
        """Back up an index.

        A backup has no unique name, so this request is never sent again once the server may have
        received it: a lost answer raises with `outcome_unknown = True`. Give `name` a value of
        your own, and `list_backups(index_name)` shows whether that backup exists.

        Args:
            index_name: the index to back up.
            name: name of the backup; need not be unique.
            description: free text.
            backup_name: the official SDK's word (7.x) for `name`; give one of the two.
            wait: return only when the backup is ready to be restored.
            wait_timeout: seconds for the wait, an hour by default.

        Returns:
            The backup; still at work unless `wait` is True.

        Raises:
            PineconeValueError: an argument cannot be right (`index_name` and types are checked).
            BadRequestError, ForbiddenError, NotFoundError: a pod index, a quota, no such index.
            OperationFailedError, WaitTimeoutError: with `wait`.
        """
        source_name = arguments.index_name("index_name", index_name)
        check_wait_after_create(wait=wait, wait_timeout=wait_timeout)
        body = request_bodies.create_backup(
            name=name, backup_name=backup_name, description=description
        )
        with self._call("create_backup"):
            answer = await create_backup.asyncio_detailed(source_name, client=self._api, body=body)
            backup = expect(models.Backup, answer)
        if not wait:
            return backup
        backup_id = backup.backup_id
        with self._already_made(f"backup {backup_id}", Call("wait_for_backup", backup_id)):
            return await self._wait(
                lambda: self.describe_backup(backup_id),
                BACKUP,
                backup_id,
                timeout=wait_timeout,
                absence_grace=FRESH_GRACE,
            )

    def list_backups(
        self,
        index_name: str | models.Index | None = None,
        *,
        limit: int = arguments.LARGEST_PAGE,
        pagination_token: str | None = None,
    ) -> AsyncFirstPage[models.Backup]:
        """List the backups of one index, or of the whole project, a page at a time.

        Args:
            index_name: the index; None lists the backups of all indexes, deleted ones included.
            limit: page size, 1 to 100 (contract); checked here. The default is the largest.
            pagination_token: the `pagination.next` of an earlier page; `limit` is not sent beside
                it.

        Raises:
            PineconeValueError: an argument cannot be right.
            NotFoundError: no such index.
        """
        arguments.page_size(limit)
        operation, ask = "list_project_backups", list_project_backups.asyncio_detailed
        if index_name is not None:
            name = arguments.index_name("index_name", index_name)
            operation = "list_index_backups"
            ask = partial(list_index_backups.asyncio_detailed, name)

        async def fetch(token: str | None) -> AsyncPage[models.Backup]:
            with self._call(operation):
                answer = await ask(
                    client=self._api,
                    limit=UNSET if token else limit,
                    pagination_token=token or UNSET,
                )
                listing = expect(models.BackupList, answer)
            return AsyncPage(
                listing.data or [],
                listing.pagination,
                fetch=fetch,
                identity=attrgetter("backup_id"),
                token=token,
            )

        return AsyncFirstPage(fetch, arguments.page_token(pagination_token))

    async def describe_backup(self, backup_id: str | models.Backup) -> models.Backup:
        """Return one backup.

        Raises:
            PineconeValueError: `backup_id` is empty, `.`, `..` or has a slash.
            NotFoundError: no such backup in this project.
        """
        given_id = arguments.backup_id("backup_id", backup_id)
        with self._call("describe_backup"):
            answer = await describe_backup.asyncio_detailed(given_id, client=self._api)
            return expect(models.Backup, answer)

    async def delete_backup(self, backup_id: str | models.Backup) -> None:
        """Delete a backup. The server does it in the background.

        Raises:
            PineconeValueError: `backup_id` is empty, `.`, `..` or has a slash.
            NotFoundError: no such backup.
            FailedPreconditionError: a restore job of it is pending; `pending_restore_job_ids`
                names them (contract).
        """
        given_id = arguments.backup_id("backup_id", backup_id)
        with self._call("delete_backup"):
            expect_deletion(await delete_backup.asyncio_detailed(given_id, client=self._api))

    async def wait_for_backup(
        self,
        backup_id: str | models.Backup,
        *,
        timeout: float = 3600.0,
        poll_interval: float | None = None,
        on_update: Callable[[models.Backup], None] | None = None,
    ) -> models.Backup:
        """Wait until a backup is ready to be restored.

        Args:
            backup_id: the backup.
            timeout: seconds for the whole wait, retries included; an hour by default.
            poll_interval: seconds between two looks; adaptive by default.
            on_update: called with the backup at the first look and at each change of its status.

        Raises:
            OperationFailedError: it failed (`InitializationFailed`: documentation; `Failed`:
                contract); `last` is its last state.
            WaitTimeoutError: it was not ready in time; `last` is its last state.
            NotFoundError: no such backup. One that was given as a `Backup` was there a moment ago:
                then it was unknown for 30 seconds on end (an assumption).
        """
        given_id = arguments.backup_id("backup_id", backup_id)
        return await self._wait(
            lambda: self.describe_backup(given_id),
            as_known(BACKUP, [backup_id]),
            given_id,
            timeout=timeout,
            poll_interval=poll_interval,
            on_update=on_update,
        )

    async def wait_for_backups(
        self,
        backup_ids: Iterable[str | models.Backup],
        *,
        timeout: float = 3600.0,
        poll_interval: float | None = None,
        on_update: Callable[[models.Backup], None] | None = None,
    ) -> list[models.Backup]:
        """Wait until all of many backups have ended, with few requests.

        Args:
            backup_ids: `backup_id` values; repeated ones count once.
            timeout: seconds for the whole wait, retries included; an hour by default.
            poll_interval: seconds between two looks; adaptive by default.
            on_update: called with a backup when it is first seen and at each change of its status.

        Returns:
            The ready backups, in the order of `backup_ids`.

        Raises:
            OperationFailedError: all have ended, and at least one failed; `last` is the list of
                all backups.
            WaitTimeoutError: some were not ready in time; `last` is the list of those seen.
            NotFoundError: there is no such backup. Where all were given as a `Backup`, they were
                there a moment ago: then one was unknown for 30 seconds on end (an assumption).
            PineconeValueError: `backup_ids` is one string, or has an id that cannot be one.
        """
        given = arguments.listed("backup_ids", backup_ids)
        wanted = arguments.several(arguments.backup_id, "backup_ids", given)
        if not wanted:
            return []
        lifecycle = as_known(BACKUP, given)
        backups = AsyncResourceGroup(
            wanted,
            lifecycle,
            id_of=attrgetter("backup_id"),
            pages=lambda: self.list_backups().iter_pages(),
            describe=self.describe_backup,
            clock=self._clock,
        )
        return await self._wait(
            backups.look,
            GroupLifecycle(lifecycle, len(wanted)),
            f"{len(wanted)} given",
            timeout=timeout,
            poll_interval=poll_interval,
            on_update=backups.for_each_change(on_update),
        )

    async def latest_backup(self, index_name: str | models.Index) -> models.Backup | None:
        """Return the newest backup of an index that is ready; None when there is none.

        The listing is gone through whole, since the contract promises no order. Backups of an
        earlier index of this name are left out where they can be told apart: by dimension, metric,
        place and `source_index_id`.

        Raises:
            PineconeValueError: `index_name` cannot be a name.
            NotFoundError: no such index.
        """
        name = arguments.index_name("index_name", index_name)
        index = await self.describe_index(name)
        ready = [backup async for backup in self.list_backups(name) if backup.is_ready]
        return newest(backups_of(index, ready))

    async def backup_freshness(
        self,
        index_names: Iterable[str | models.Index] | None = None,
        *,
        max_age: timedelta,
        min_count: int = 1,
        now: datetime | None = None,
    ) -> list[BackupFreshness]:
        """Return for each index whether its newest backup that is ready is new enough.

        Args:
            index_names: the indexes; None means all that can be backed up, which pod indexes
                cannot.
            max_age: the age allowed.
            min_count: the number of ready backups required.
            now: the moment at which ages are taken, with a time zone; None takes the present.

        Raises:
            PineconeValueError: a name cannot be one, `index_names` is one string, `max_age` is no
                timedelta, `min_count` no whole number, or `now` has no time zone.
            NotFoundError: no such index.
        """
        checked_demands(max_age=max_age, min_count=min_count, now=now)
        moment = now or datetime.now(UTC)
        if index_names is None:
            indexes = [index async for index in self.list_indexes() if index.spec.pod is None]
        else:
            names = arguments.several(arguments.index_name, "index_names", index_names)
            indexes = [await self.describe_index(name) for name in names]
        by_name: dict[str, list[models.Backup]] = {index.name: [] for index in indexes}
        async for backup in self.list_backups():
            by_name.get(backup.source_index_name, []).append(backup)
        return [
            freshness_of(
                index.name,
                backups_of(index, by_name[index.name]),
                now=moment,
                max_age=max_age,
                min_count=min_count,
            )
            for index in indexes
        ]

    @overload
    async def create_index_from_backup(
        self,
        backup_id: str | models.Backup,
        *,
        name: str,
        tags: Mapping[str, str] | None = None,
        deletion_protection: DeletionProtection | None = None,
        reconcile: bool = False,
        wait: Literal[False] = False,
        wait_timeout: float = 3600.0,
    ) -> models.CreateIndexFromBackupResponse: ...

    @overload
    async def create_index_from_backup(
        self,
        backup_id: str | models.Backup,
        *,
        name: str,
        tags: Mapping[str, str] | None = None,
        deletion_protection: DeletionProtection | None = None,
        reconcile: bool = False,
        wait: Literal[True],
        wait_timeout: float = 3600.0,
    ) -> models.Index: ...

    async def create_index_from_backup(
        self,
        backup_id: str | models.Backup,
        *,
        name: str,
        tags: Mapping[str, str] | None = None,
        deletion_protection: DeletionProtection | None = None,
        reconcile: bool = False,
        wait: bool = False,
        wait_timeout: float = 3600.0,
    ) -> models.CreateIndexFromBackupResponse | models.Index:
        """Restore a backup into a new index.

        Args:
            backup_id: the backup; it must be ready.
            name: name of the new index: 1 to 45 characters, lower-case letters, digits and
                hyphens, a letter or digit at both ends (contract); checked here.
            tags: tags of the new index; None takes the backup's (documentation). Keys up to 80,
                values up to 120 characters (contract); checked here.
            deletion_protection: `enabled` or `disabled`; None leaves it to the server, which
                takes `disabled` (contract).
            reconcile: if the answer is lost, look whether the index exists now and was made by this
                call, and return its ids; what cannot be proven raises as ever. The proof is a
                tag, `pinecone-control-call`, that the index then has, besides `tags` or the
                backup's own, and a restore job that was not listed before (which costs a look at
                the backup and at the restore jobs beforehand).
            wait: return only when the restore job is completed and the index is ready.
            wait_timeout: seconds for the wait, an hour by default.

        Returns:
            The ids of the restore job and of the new index; with `wait`, the ready index.

        Raises:
            PineconeValueError: an argument cannot be right.
            NotFoundError, ConflictError, ForbiddenError: no such backup, name taken, quota.
            OperationFailedError, WaitTimeoutError: with `wait`.
        """
        given_id = arguments.backup_id("backup_id", backup_id)
        check_wait_after_create(wait=wait, wait_timeout=wait_timeout)
        body_with = partial(
            request_bodies.create_index_from_backup,
            name=name,
            deletion_protection=deletion_protection,
        )
        body = body_with(tags=tags)  # what cannot be right is refused before the first look
        earlier: frozenset[str] = frozenset()
        if switch("reconcile", reconcile):
            earlier = frozenset(job.restore_job_id for job in await self._restores_into(name))
            tags = with_call_tag(await self._tags_of(given_id) if tags is None else tags)
            body = body_with(tags=tags)

        async def find() -> models.CreateIndexFromBackupResponse | None:
            if await self._index_made_with(tags, name) is None:
                return None
            jobs = [
                job
                for job in await self._restores_into(name)
                if job.restore_job_id not in earlier and job.backup_id == given_id
            ]
            if len(jobs) != 1:
                return None
            return models.CreateIndexFromBackupResponse(
                restore_job_id=jobs[0].restore_job_id, index_id=jobs[0].target_index_id
            )

        try:
            with self._call("create_index_from_backup"):
                answer = await create_index_from_backup_operation.asyncio_detailed(
                    given_id, client=self._api, body=body
                )
                created = expect(models.CreateIndexFromBackupResponse, answer)
        except CallError as error:
            created = await self._reconciled(error, find, wanted=reconcile)
        if not wait:
            return created
        ends = self._clock.monotonic() + wait_timeout
        job_id = created.restore_job_id
        with self._already_made(f"restore job {job_id}", Call("wait_for_restore_job", job_id)):
            await self.wait_for_restore_job(job_id, timeout=wait_timeout)
            # The index follows its job at once; a wait ends with one look in any case.
            left = max(ends - self._clock.monotonic(), _AT_ONCE)
            return await self._wait_for_fresh_index(name, None, timeout=left)

    async def _tags_of(self, backup_id: str) -> dict[str, str]:
        return dict((await self.describe_backup(backup_id)).tags or {})

    async def _restores_into(self, name: str) -> list[models.RestoreJob]:
        return [job async for job in self.list_restore_jobs() if job.target_index_name == name]
