"""Backups of many indexes under one name: exactly one for each, however often it is begun again.

A backup has no unique name and no idempotency key: asking twice makes two. So the name of the run
takes that part: an index is looked at before it is asked for again, and one that has a backup of
this name, whole or in the making, is done.
"""

import os
import secrets
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Final

from attrs import Factory, define, frozen

from pinecone_control._core.backup_freshness import backups_of
from pinecone_control.cli.output.progress import See, Sighting, following
from pinecone_control.cli.output.terminal import say
from pinecone_control.cli.program import INTERRUPTED, PASSING
from pinecone_control.clock import Clock, SystemClock
from pinecone_control.errors import (
    CallError,
    NotFoundError,
    PineconeError,
    PineconeValueError,
)

if TYPE_CHECKING:
    from pinecone_control import Backup, Index, Pinecone

USUAL_CONCURRENCY: Final = 4
# Before another look, so that a request whose answer was lost has had its time at the server.
_PAUSES: Final = (1.0, 3.0, 10.0, 20.0)


@frozen(kw_only=True)
class Wanted:
    """What a batch is to make."""

    name: str
    description: str | None
    is_made_up: bool
    """The name was made up just now: no backup can have it."""
    resume: bool
    concurrency: int

    def arguments(self) -> list[str]:
        """Return these settings as options, for a command that goes on with the batch."""
        given = ["--name", self.name, "--resume"]
        if self.description is not None:
            given += ["--description", self.description]
        if self.concurrency != USUAL_CONCURRENCY:
            given += ["--concurrency", str(self.concurrency)]
        return given


@define
class Batch:
    """Makes the backups, and keeps what became of each index.

    Attributes:
        indexes: those to be backed up, by name.
        left_out: indexes that are not, with the reason.
        made: backups that were made now, by index.
        found: backups of this name that were there already, by index.
        refused: the last error of the indexes that got none.
    """

    pc: "Pinecone"
    wanted: Wanted
    indexes: "Mapping[str, Index]"
    left_out: Mapping[str, str] = Factory(dict)
    clock: Clock = Factory(SystemClock)
    made: "dict[str, Backup]" = Factory(dict)
    found: "dict[str, Backup]" = Factory(dict)
    refused: dict[str, PineconeError] = Factory(dict)

    @property
    def backups(self) -> "list[Backup]":
        """Return the backups of this batch, those that were there already first."""
        return [*self.found.values(), *self.made.values()]

    def find(self, *, everywhere: bool) -> list[str]:
        """Find the backups that are there already; return the indexes that have none.

        Args:
            everywhere: one listing of all backups costs less than one for each index.

        Raises:
            PineconeValueError: there are backups of this name, and it is not to be resumed.
        """
        if not self.wanted.is_made_up:
            by_index: defaultdict[str, list[Backup]] = defaultdict(list)
            for backup in self.pc.list_backups() if everywhere else self._backups_of_each():
                by_index[backup.source_index_name].append(backup)
            for name in self.indexes:
                for backup in self._ours(name, by_index[name]):
                    self.found[name] = backup
        if self.found and not self.wanted.resume:
            raise PineconeValueError(
                f"{len(self.found)} of the indexes have a backup named {self.wanted.name!r}",
                hint="Add --resume to create those that are missing, or give another --name.",
            )
        return [name for name in self.indexes if name not in self.found]

    def make(self, missing: list[str]) -> None:
        """Make the backups; what goes wrong for an index does not stop the others."""
        look_first = self.wanted.resume
        with following("backup of", missing, counted=True) as see:
            for pause in (*_PAUSES, None):
                self._round(missing, see, look_first=look_first)
                missing = [name for name in missing if _may_pass(self.refused.get(name))]
                if not missing or pause is None:
                    return
                look_first = True
                self.clock.sleep(pause)

    def summary(self) -> str:
        """Return in one line what became of all indexes."""
        counts = {
            "created": len(self.made),
            "already existed": len(self.found),
            "left out": len(self.left_out),
            "failed": len(self.refused),
        }
        total = sum(counts.values())
        parts = [
            f"{count:,} {what}" for what, count in counts.items() if count or what == "created"
        ]
        told = " (recognized by name, dimension, metric and region)" if self.found else ""
        return f"{total:,} {'index' if total == 1 else 'indexes'}: {', '.join(parts)}{told}"

    def _backups_of_each(self) -> "Iterator[Backup]":
        for name in self.indexes:
            try:
                yield from self.pc.list_backups(name)
            except NotFoundError:
                continue  # making the backup will say so

    def _ours(self, name: str, backups: "Iterable[Backup]") -> "list[Backup]":
        """Return those backups of the index that this batch would make."""
        return [
            backup
            for backup in backups_of(self.indexes[name], backups)
            if backup.name == self.wanted.name and not backup.failed
        ]

    def _round(self, names: Iterable[str], see: See, *, look_first: bool) -> None:
        """Ask for a backup of each index, several at a time."""
        # A queue, for ctrl-C in the middle of `concurrent.futures.wait`, written in Python, can
        # leave the locks of all futures locked, and their threads waiting for ever.
        done: SimpleQueue[Future[tuple[Backup, bool]]] = SimpleQueue()
        with ThreadPoolExecutor(self.wanted.concurrency) as pool:
            left = {pool.submit(self._one, name, look_first=look_first): name for name in names}
            try:
                for future in tuple(left):
                    future.add_done_callback(done.put)
                while left:
                    # With a timeout, since an endless wait for threads cannot be interrupted
                    # on every system.
                    with suppress(Empty):
                        ended = done.get(timeout=1.0)
                        self._note(left.pop(ended), ended, see)
            except BaseException:
                self._stop(pool, left, see)
                raise

    def _one(self, name: str, *, look_first: bool) -> "tuple[Backup, bool]":
        """Return the backup of one index, and whether it was made now."""
        if look_first:
            for backup in self._ours(name, self.pc.list_backups(name)):
                return backup, name in self.refused
        wanted = self.wanted
        made = self.pc.create_backup(name, name=wanted.name, description=wanted.description)
        return made, True

    def _note(self, name: str, future: "Future[tuple[Backup, bool]]", see: See) -> None:
        try:
            backup, is_new = future.result()
        except PineconeError as error:
            self.refused[name] = error
            if _may_pass(error):
                see(Sighting(name, "no answer, will check again"))
            return
        self.refused.pop(name, None)
        (self.made if is_new else self.found)[name] = backup
        state = f"{backup.backup_id} started" if is_new else "already exists"
        see(Sighting(name, state, ended=True))

    def _stop(
        self,
        pool: ThreadPoolExecutor,
        left: "dict[Future[tuple[Backup, bool]], str]",
        see: See,
    ) -> None:
        """Let the requests on their way come to their end: they may make backups."""
        say("stopping: waiting for requests in flight; press ctrl-C again to stop at once")
        try:
            pool.shutdown(wait=True, cancel_futures=True)
        except KeyboardInterrupt:
            os._exit(INTERRUPTED)
        for future, name in left.items():
            if not future.cancelled():
                self._note(name, future, see)


def _may_pass(error: PineconeError | None) -> bool:
    """Whether another look may find the backup, or a new request may make it."""
    return isinstance(error, PASSING) or (isinstance(error, CallError) and error.outcome_unknown)


def new_name() -> str:
    """Make up a name that no other batch has."""
    return f"backup-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
