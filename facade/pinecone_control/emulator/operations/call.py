"""The call: the argument of every operation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from pinecone_control.emulator.api import error_messages as errors

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pinecone_control.emulator.scenarios.planned_transitions import Plans
    from pinecone_control.emulator.settings import Settings
    from pinecone_control.emulator.state.resources import Backup, Index, Json
    from pinecone_control.emulator.state.seeded_random import SeededRandom
    from pinecone_control.emulator.state.sql_tables import Tables


@frozen(kw_only=True)
class Call:
    """One authenticated request whose parameters and body are valid.

    Attributes:
        tables: the state, in the transaction of this request.
        project: project of the API key.
        now: microseconds since the epoch on the emulator's clock.
        path: path parameters, percent-decoded.
        query: query parameters, percent-decoded.
        body: the JSON body in the form of 2025-04; empty for operations that take none.
        beyond: the body's properties that 2025-04 does not have; see `RequestBody`.
        pages_indexes: whether the API version lists indexes in pages.
    """

    tables: Tables
    project: str
    now: int
    path: Mapping[str, str]
    query: Mapping[str, str]
    body: Json
    beyond: Json
    pages_indexes: bool
    settings: Settings
    plans: Plans
    random: SeededRandom

    def number(self, kind: str) -> int:
        """Return the next number of a kind of resource, within the project."""
        return self.tables.projects.next_number(self.project, kind)

    def index(self, name: str) -> Index:
        """Return the index of that name.

        Raises:
            HttpError: 404.
        """
        index = self.tables.indexes.get(self.project, name, self.now)
        if index is None:
            raise errors.INDEX_NOT_FOUND.error(name=name)
        return index

    def backup(self, backup_id: str) -> Backup:
        """Return the backup of that id.

        Raises:
            HttpError: 404.
        """
        backup = self.tables.backups.get(self.project, backup_id)
        if backup is None:
            raise errors.BACKUP_NOT_FOUND.error(id=backup_id)
        return backup


def microseconds(seconds: float) -> int:
    """Return a duration of the settings in microseconds, the unit of stored timestamps."""
    return round(seconds * 1_000_000)
