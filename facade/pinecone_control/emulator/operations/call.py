"""The argument of every operation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from pinecone_control.emulator.api.errors import not_found

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pinecone_control.emulator.scenarios.plans import Plans
    from pinecone_control.emulator.settings import Settings
    from pinecone_control.emulator.state.resources import Backup, Index, Json
    from pinecone_control.emulator.state.seeded_random import SeededRandom
    from pinecone_control.emulator.state.tables import Tables


@frozen(kw_only=True)
class Call:
    """One authenticated request whose parameters and body fit the contract.

    Attributes:
        tables: the state, in the transaction of this request.
        project: that the API key names.
        now: microseconds since the epoch on the emulator's clock.
        path: path parameters, percent-decoded.
        query: query parameters, percent-decoded.
        body: the JSON body; empty for operations that take none.
    """

    tables: Tables
    project: str
    now: int
    path: Mapping[str, str]
    query: Mapping[str, str]
    body: Json
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
            raise not_found(f"Index {name[:100]} not found.")
        return index

    def backup(self, backup_id: str) -> Backup:
        """Return the backup of that id.

        Raises:
            HttpError: 404.
        """
        backup = self.tables.backups.get(self.project, backup_id)
        if backup is None:
            raise not_found(f"Backup {backup_id[:100]} not found.")
        return backup


def microseconds(seconds: float) -> int:
    """Return a duration of the settings in the unit of stored timestamps."""
    return round(seconds * 1_000_000)
