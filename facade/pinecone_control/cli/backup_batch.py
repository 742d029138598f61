"""Back up many indexes under one name: exactly one backup each, however often the run is repeated.

Names of backups are not unique and there is no idempotency key, so sending a request twice makes
two backups. The name therefore serves as the key: before a request is sent again, the backups of
the index are listed, and an index with a backup of this name, ready or in progress, is done.
"""

import secrets
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from attrs import Factory, define

from pinecone_control._core.backup_freshness import backups_of
from pinecone_control._core.identity import expect_backups_of
from pinecone_control.cli.errors import PASSING
from pinecone_control.cli.output.columns import INDEX
from pinecone_control.cli.output.progress import See, Sighting, following
from pinecone_control.cli.parallel import for_each_of_many
from pinecone_control.errors import CallError, NotFoundError, PineconeError, PineconeValueError

if TYPE_CHECKING:
    from pinecone_control import Backup, Index, Pinecone

USUAL_CONCURRENCY: Final = 4
# Seconds before the backups are listed again: the server may still be processing a request whose
# response was lost.
_PAUSES: Final = (1.0, 3.0, 10.0, 20.0)


@define(kw_only=True)
class Batch:
    """Creates the backups of one run, and records the result for each index.

    Attributes:
        pc: the client.
        indexes: the indexes to back up, by name.
        left_out: the reasons why other indexes are left out, by name of the index.
        name: the name of all backups.
        is_made_up: whether the name was generated for this run, so that no backup can have it.
        description: the description of all backups.
        resume: whether backups of this name may exist already.
        concurrency: limit for concurrent requests.
        made: the backups that this run created, by index.
        found: the backups of this name that existed already, by index.
        refused: the last error of each index whose backup was not created.
    """

    pc: "Pinecone"
    indexes: "Mapping[str, Index]"
    left_out: Mapping[str, str]
    name: str
    is_made_up: bool
    description: str | None
    resume: bool
    concurrency: int
    made: "dict[str, Backup]" = Factory(dict)
    found: "dict[str, Backup]" = Factory(dict)
    refused: dict[str, PineconeError] = Factory(dict)

    @property
    def backups(self) -> "list[Backup]":
        """The backups of this batch; those that existed already come first."""
        return [*self.found.values(), *self.made.values()]

    def find(self, *, everywhere: bool) -> list[str]:
        """Find the backups that exist already; return the names of the indexes that have none.

        Args:
            everywhere: list all backups of the project, which takes fewer requests than one
                listing for each of many indexes.

        Raises:
            PineconeValueError: there are such backups, and `resume` is False.
        """
        if not self.is_made_up:
            by_index: defaultdict[str, list[Backup]] = defaultdict(list)
            for backup in self.pc.list_backups() if everywhere else self._backups_of_each():
                by_index[backup.source_index_name].append(backup)
            for name in self.indexes:
                for backup in self._matching(name, by_index[name]):
                    self.found[name] = backup
        if self.found and not self.resume:
            first, *others = self.found
            which = f"{len(self.found)} indexes already have" if others else f"{first} already has"
            raise PineconeValueError(
                f"{which} a backup named {self.name!r}",
                hint="Add --resume to create those that are missing, or give another --name.",
            )
        return [name for name in self.indexes if name not in self.found]

    def make(self, missing: list[str]) -> None:
        """Create the backups. An error of one index does not stop the others."""
        look_first = self.resume
        with following("backup of", missing, counted=True) as see:
            for pause in (*_PAUSES, None):
                self._request_backups(missing, see, look_first=look_first)
                missing = [name for name in missing if _may_pass(self.refused.get(name))]
                if not missing or pause is None:
                    return
                look_first = True
                time.sleep(pause)

    def summary(self) -> str:
        """Return the numbers of created, existing, left out and failed backups in one line."""
        counts = {
            "created": len(self.made),
            "already existed (recognized by name, dimension, metric and region)": len(self.found),
            "left out": len(self.left_out),
            "failed": len(self.refused),
        }
        total = sum(counts.values())
        parts = [
            f"{count:,} {what}" for what, count in counts.items() if count or what == "created"
        ]
        return f"{INDEX.counted(total)}: {', '.join(parts)}"

    def _backups_of_each(self) -> "Iterator[Backup]":
        for name in self.indexes:
            try:
                yield from expect_backups_of(name, self.pc.list_backups(name))
            except NotFoundError:
                continue  # the request to create the backup reports it

    def _matching(self, name: str, backups: "Iterable[Backup]") -> "list[Backup]":
        """Return the backups of an index that count as this batch's."""
        return [
            backup
            for backup in backups_of(self.indexes[name], backups)
            if backup.name == self.name and not backup.failed
        ]

    def _request_backups(self, names: Iterable[str], see: See, *, look_first: bool) -> None:
        """Request a backup of each index, several at a time."""
        for_each_of_many(
            names,
            lambda name: self._find_or_create(name, look_first=look_first),
            lambda name, ended: self._note(name, ended, see),
            concurrency=self.concurrency,
        )

    def _find_or_create(self, name: str, *, look_first: bool) -> "tuple[Backup, bool]":
        """Return the backup of one index, and whether this run created it."""
        if look_first:
            for backup in self._matching(name, expect_backups_of(name, self.pc.list_backups(name))):
                return backup, name in self.refused
        made = self.pc.create_backup(name, name=self.name, description=self.description)
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


def _may_pass(error: PineconeError | None) -> bool:
    """Return whether a later listing may show the backup, or a later request may create it."""
    return isinstance(error, PASSING) or (isinstance(error, CallError) and error.outcome_unknown)


def new_name() -> str:
    """Return a new name that no other batch has."""
    return f"backup-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
