"""What an operation is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from pinecone_control.emulator.messages import Json, not_found

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pinecone_control.emulator.identities import Identities
    from pinecone_control.emulator.plans import Plans
    from pinecone_control.emulator.resources import Backup, Index
    from pinecone_control.emulator.settings import Settings
    from pinecone_control.emulator.tables import Tables


class Call(msgspec.Struct, frozen=True, kw_only=True):
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
    identities: Identities

    def number(self, kind: str) -> int:
        """The next number of a kind of resource, within the project."""
        return self.tables.projects.next_number(self.project, kind)

    def index(self, name: str) -> Index:
        """The index of that name.

        Raises:
            Refusal: 404.
        """
        index = self.tables.indexes.get(self.project, name, self.now)
        if index is None:
            raise not_found(f"Index {name[:100]} not found.")
        return index

    def backup(self, backup_id: str) -> Backup:
        """The backup of that id.

        Raises:
            Refusal: 404.
        """
        backup = self.tables.backups.get(self.project, backup_id)
        if backup is None:
            raise not_found(f"Backup {backup_id[:100]} not found.")
        return backup


def microseconds(seconds: float) -> int:
    """A duration of the settings, in the unit of stored moments."""
    return round(seconds * 1_000_000)
