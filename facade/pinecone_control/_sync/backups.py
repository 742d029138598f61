# Derived from _async/backups.py by scripts/generate/derive_sync.py. Do not edit.
"""Backups: create, list, describe, delete, wait; and indexes made from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, Final, Literal, overload

from pinecone_control._checks import switch
from pinecone_control._core import arguments, request_bodies
from pinecone_control._core.identity import expect_resource
from pinecone_control._core.poll_pauses import check_wait_after_create
from pinecone_control._core.wait_conditions import BACKUP, as_known, surely_there
from pinecone_control._sync.indexes import Indexes
from pinecone_control._sync.paging import Page
from pinecone_control._sync.reconciling import with_call_tag
from pinecone_control._sync.resource_group import ResourceGroup
from pinecone_control._sync.restore_jobs import RestoreJobs
from pinecone_control._sync.session import expect, expect_deletion
from pinecone_control._sync.waiting import wait_until_ready
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

if TYPE_CHECKING:
    from pinecone_control._core.backup_freshness import BackupFreshness

_AT_ONCE: Final = 0.001


class Backups(Indexes, RestoreJobs):
    """The operations on backups. Only serverless and BYOC indexes can be backed up."""

    def create_backup(
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

        Names of backups are not unique, so this request is never sent again once the server may
        have received it. If the response is lost, the error has `outcome_unknown = True`. Use a
        unique `name`, so that `list_backups(index_name)` shows whether the backup exists.

        Args:
            index_name: the index to back up.
            name: name of the backup; need not be unique.
            description: free text.
            backup_name: another name for `name`, as in the official SDK 7.x; give only one.
            wait: return only when the backup is ready to be restored.
            wait_timeout: seconds for the wait, an hour by default.

        Returns:
            The backup. It is still in progress unless `wait` is True.

        Raises:
            PineconeValueError: an argument is invalid (`index_name` and types are checked).
            BadRequestError, ForbiddenError, NotFoundError: the index is a pod index, a quota is
                reached, there is no such index.
            OperationFailedError, WaitTimeoutError: the wait failed (only with `wait`).
        """
        source_name = arguments.index_name("index_name", index_name)
        check_wait_after_create(wait=wait, wait_timeout=wait_timeout)
        body = request_bodies.create_backup(
            name=name, backup_name=backup_name, description=description
        )
        with self._call("create_backup"):
            answer = create_backup.sync_detailed(source_name, client=self._api, body=body)
            backup = expect(models.Backup, answer)
            if wait:
                expect_resource(source_name, backup, "source_index_name", outcome_unknown=True)
        if not wait:
            return backup
        backup_id = backup.backup_id
        with self._already_made(f"backup {backup_id}", Call("wait_for_backup", backup_id)):
            return wait_until_ready(
                lambda: self._this_backup(backup_id),
                surely_there(BACKUP),
                backup_id,
                clock=self._clock,
                timeout=wait_timeout,
            )

    def list_backups(
        self,
        index_name: str | models.Index | None = None,
        *,
        limit: int = arguments.LARGEST_PAGE,
        pagination_token: str | None = None,
    ) -> Page[models.Backup]:
        """List the backups of one index, or of the whole project, a page at a time.

        Args:
            index_name: the index; None lists the backups of all indexes, including deleted ones.
            limit: page size, 1 to 100 (contract); checked here. The default is the largest.
            pagination_token: the `pagination.next` of an earlier page; `limit` is not sent with it.

        Raises:
            PineconeValueError: an argument is invalid.
            NotFoundError: there is no such index.
        """
        arguments.page_size(limit)
        operation, ask = "list_project_backups", list_project_backups.sync_detailed
        if index_name is not None:
            name = arguments.index_name("index_name", index_name)
            operation = "list_index_backups"
            ask = partial(list_index_backups.sync_detailed, name)

        def fetch(token: str | None) -> Page[models.Backup]:
            with self._call(operation):
                answer = ask(
                    client=self._api,
                    limit=UNSET if token else limit,
                    pagination_token=token or UNSET,
                )
                listing = expect(models.BackupList, answer)
            return Page(
                listing.data or [],
                listing.pagination,
                fetch=fetch,
                identity=attrgetter("backup_id"),
                token=token,
            )

        return fetch(arguments.page_token(pagination_token))

    def describe_backup(self, backup_id: str | models.Backup) -> models.Backup:
        """Return one backup.

        Raises:
            PineconeValueError: `backup_id` is empty, `.`, `..` or has a slash.
            NotFoundError: there is no such backup in this project.
        """
        given_id = arguments.backup_id("backup_id", backup_id)
        with self._call("describe_backup"):
            answer = describe_backup.sync_detailed(given_id, client=self._api)
            return expect(models.Backup, answer)

    def _this_backup(self, backup_id: str) -> models.Backup:
        """Return one backup, from which a conclusion is drawn."""
        with self._call("describe_backup"):
            return expect_resource(backup_id, self.describe_backup(backup_id), "backup_id")

    def delete_backup(self, backup_id: str | models.Backup) -> None:
        """Delete a backup. The server deletes it in the background.

        Raises:
            PineconeValueError: `backup_id` is empty, `.`, `..` or has a slash.
            NotFoundError: there is no such backup.
            FailedPreconditionError: restore jobs use it; `pending_restore_job_ids` names them
                (contract).
        """
        given_id = arguments.backup_id("backup_id", backup_id)
        with self._call("delete_backup"):
            expect_deletion(delete_backup.sync_detailed(given_id, client=self._api))

    def wait_for_backup(
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
            poll_interval: seconds between two requests; adaptive by default.
            on_update: called with the backup at the first request and when its status changes.

        Raises:
            OperationFailedError: it failed (`InitializationFailed`: documentation; `Failed`:
                contract); `last` is its last state.
            WaitTimeoutError: it was not ready in time; `last` is its last state.
            NotFoundError: there is no such backup. Given a `Backup`, which existed a moment ago,
                this is raised only after 30 seconds of nothing but 404 (an assumption).
        """
        given_id = arguments.backup_id("backup_id", backup_id)
        return wait_until_ready(
            lambda: self._this_backup(given_id),
            as_known(BACKUP, [backup_id]),
            given_id,
            clock=self._clock,
            timeout=timeout,
            poll_interval=poll_interval,
            on_update=on_update,
        )

    def wait_for_backups(
        self,
        backup_ids: Iterable[str | models.Backup],
        *,
        timeout: float = 3600.0,
        poll_interval: float | None = None,
        on_update: Callable[[models.Backup], None] | None = None,
    ) -> list[models.Backup]:
        """Wait until many backups have ended, with few requests.

        Args:
            backup_ids: backups or their ids; repeated ones count once.
            timeout: seconds for the whole wait, retries included; an hour by default.
            poll_interval: seconds between two requests; adaptive by default.
            on_update: called with a backup when it is first seen and when its status changes.

        Returns:
            The ready backups, in the order of `backup_ids`.

        Raises:
            OperationFailedError: all have ended, and at least one failed; `last` is the list of
                all backups.
            WaitTimeoutError: some were not ready in time; `last` is the list of those seen.
            NotFoundError: one does not exist. If all are given as `Backup`, which existed a moment
                ago, this is raised only after 30 seconds of nothing but 404 (an assumption).
            PineconeValueError: `backup_ids` is a single string, or contains an invalid id.
        """
        given = arguments.listed("backup_ids", backup_ids)
        group = ResourceGroup(
            arguments.several(arguments.backup_id, "backup_ids", given),
            as_known(BACKUP, given),
            id_of=attrgetter("backup_id"),
            pages=lambda: self.list_backups().iter_pages(),
            describe=self._this_backup,
            clock=self._clock,
        )
        return group.wait(timeout=timeout, poll_interval=poll_interval, on_update=on_update)

    def latest_backup(self, index_name: str | models.Index) -> models.Backup | None:
        """Return the newest ready backup of an index; None if there is none.

        This reads the whole listing, because the contract does not guarantee an order. It leaves
        out backups of an earlier index with this name, if they differ in dimension, metric, cloud,
        region or `source_index_id`.

        Raises:
            PineconeValueError: `index_name` is not a valid name.
            NotFoundError: there is no such index.
            ResponseParsingError: a response is about another index.
        """
        from pinecone_control._core.backup_freshness import backups_of, newest

        name = arguments.index_name("index_name", index_name)
        index = self._this_index(name)
        ready = [
            backup
            for backup in self.list_backups(name)
            if expect_resource(name, backup, "source_index_name").is_ready
        ]
        return newest(backups_of(index, ready))

    def backup_freshness(
        self,
        index_names: Iterable[str | models.Index] | None = None,
        *,
        max_age: timedelta,
        min_count: int = 1,
        now: datetime | None = None,
    ) -> list[BackupFreshness]:
        """Return for each index whether its newest ready backup is new enough.

        Args:
            index_names: the indexes; None means all indexes except pod indexes, which have no
                backups.
            max_age: the greatest allowed age of the newest ready backup.
            min_count: the required number of ready backups.
            now: the time to which ages refer, with a time zone; None means the current time by the
                client's clock.

        Raises:
            PineconeValueError: a name is invalid, `index_names` is a single string, `max_age` is
                not a timedelta, `min_count` is not a whole number, or `now` has no time zone.
            NotFoundError: there is no such index.
        """
        from pinecone_control._core.backup_freshness import (
            backups_of,
            checked_demands,
            freshness_of,
        )

        checked_demands(max_age=max_age, min_count=min_count, now=now)
        moment = now or datetime.fromtimestamp(self._clock.time(), UTC)
        if index_names is None:
            indexes = [index for index in self.list_indexes() if index.spec.pod is None]
        else:
            names = arguments.several(arguments.index_name, "index_names", index_names)
            indexes = [self._this_index(name) for name in names]
        by_name: dict[str, list[models.Backup]] = {index.name: [] for index in indexes}
        for backup in self.list_backups():
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
    def create_index_from_backup(
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
    def create_index_from_backup(
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

    def create_index_from_backup(
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
            tags: tags of the new index; None means the backup's tags (documentation). Keys up to
                80, values up to 120 characters (contract); checked here.
            deletion_protection: `enabled` or `disabled`; None leaves it to the server, whose
                default is `disabled` (contract).
            reconcile: if the response is lost, check whether this call created the index, and if so
                return its ids; without proof, raise the original error. The proof is a tag,
                `pinecone-control-call`, which the index keeps in addition to `tags` or the
                backup's tags, and a restore job that was not listed before. This costs extra
                requests: the backup and the restore jobs are read beforehand.
            wait: return only when the restore job is completed and the index is ready.
            wait_timeout: seconds for the wait, an hour by default.

        Returns:
            The ids of the restore job and of the new index; with `wait`, the ready index.

        Raises:
            PineconeValueError: an argument is invalid.
            NotFoundError, ConflictError, ForbiddenError: there is no such backup, the name is
                taken, a quota is reached.
            OperationFailedError, WaitTimeoutError: the wait failed (only with `wait`).
        """
        given_id = arguments.backup_id("backup_id", backup_id)
        check_wait_after_create(wait=wait, wait_timeout=wait_timeout)
        body_with = partial(
            request_bodies.create_index_from_backup,
            name=name,
            deletion_protection=deletion_protection,
        )
        body = body_with(tags=tags)  # invalid arguments are refused before any request
        earlier: frozenset[str] = frozenset()
        if switch("reconcile", reconcile):
            earlier = frozenset(job.restore_job_id for job in self._restores_into(name))
            tags = with_call_tag(self._tags_of(given_id) if tags is None else tags)
            body = body_with(tags=tags)

        def find() -> models.CreateIndexFromBackupResponse | None:
            if self._index_made_with(tags, name) is None:
                return None
            jobs = [
                job
                for job in self._restores_into(name)
                if job.restore_job_id not in earlier and job.backup_id == given_id
            ]
            if len(jobs) != 1:
                return None
            return models.CreateIndexFromBackupResponse(
                restore_job_id=jobs[0].restore_job_id, index_id=jobs[0].target_index_id
            )

        try:
            with self._call("create_index_from_backup"):
                answer = create_index_from_backup_operation.sync_detailed(
                    given_id, client=self._api, body=body
                )
                created = expect(models.CreateIndexFromBackupResponse, answer)
        except CallError as error:
            created = self._reconciled(error, find, wanted=reconcile)
        if not wait:
            return created
        ends = self._clock.monotonic() + wait_timeout
        job_id = created.restore_job_id
        with self._already_made(f"restore job {job_id}", Call("wait_for_restore_job", job_id)):
            job = self.wait_for_restore_job(job_id, timeout=wait_timeout)
            expect_resource(name, job, "target_index_name")
            # The index is ready soon after its job; even a wait of 0 s makes one request.
            left = max(ends - self._clock.monotonic(), _AT_ONCE)
            return self._wait_for_fresh_index(name, None, timeout=left)

    def _tags_of(self, backup_id: str) -> dict[str, str]:
        return dict((self._this_backup(backup_id)).tags or {})

    def _restores_into(self, name: str) -> list[models.RestoreJob]:
        return [job for job in self.list_restore_jobs() if job.target_index_name == name]
