"""The tables, and every SQL statement of the emulator.

Restore jobs are numbered without gaps within their project, and never deleted: a page at any
offset is found by number, so that the last page of a million costs as much as the first.
"""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Generic, TypeVar

import msgspec
from attrs import evolve, fields

from pinecone_control.emulator.state.resources import Backup, Collection, Index, RestoreJob

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

Named = TypeVar("Named", Index, Collection)

SCHEMA = (
    "CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    """CREATE TABLE projects (
        project TEXT PRIMARY KEY, seeded INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID""",
    """CREATE TABLE counters (
        project TEXT, kind TEXT, value INTEGER NOT NULL,
        PRIMARY KEY (project, kind)) WITHOUT ROWID""",
    """CREATE TABLE indexes (
        project TEXT, name TEXT, gone_at INTEGER, record BLOB NOT NULL,
        PRIMARY KEY (project, name)) WITHOUT ROWID""",
    """CREATE TABLE collections (
        project TEXT, name TEXT, gone_at INTEGER, record BLOB NOT NULL,
        PRIMARY KEY (project, name)) WITHOUT ROWID""",
    """CREATE TABLE backups (
        project TEXT, number INTEGER, backup_id TEXT NOT NULL, index_id TEXT NOT NULL,
        record BLOB NOT NULL, PRIMARY KEY (project, number)) WITHOUT ROWID""",
    "CREATE UNIQUE INDEX backup_by_id ON backups (project, backup_id)",
    "CREATE INDEX backup_by_index ON backups (project, index_id, number)",
    """CREATE TABLE restore_jobs (
        project TEXT, number INTEGER, restore_job_id TEXT NOT NULL, backup_id TEXT NOT NULL,
        target_index_name TEXT NOT NULL, target_index_id TEXT NOT NULL,
        created_at INTEGER NOT NULL, ends_at INTEGER NOT NULL, outcome TEXT NOT NULL,
        full_duration INTEGER NOT NULL, PRIMARY KEY (project, number)) WITHOUT ROWID""",
    "CREATE UNIQUE INDEX restore_job_by_id ON restore_jobs (project, restore_job_id)",
    "CREATE INDEX restore_job_by_backup ON restore_jobs (project, backup_id, ends_at)",
    "CREATE INDEX restore_job_by_end ON restore_jobs (project, ends_at)",
)

TABLE_NAMES = ("facts", "projects", "counters", "indexes", "collections", "backups", "restore_jobs")

# Built when this module is imported, by one thread. If several threads build msgspec's data about a
# class at the same time, the interpreter crashes (measured on Python 3.12, with msgspec 0.22).
_INDEX = msgspec.json.Decoder(Index)
_COLLECTION = msgspec.json.Decoder(Collection)
_BACKUP = msgspec.json.Decoder(Backup)

_JOB_FIELDS = tuple(each.name for each in fields(RestoreJob))
_JOB_COLUMNS = ", ".join(_JOB_FIELDS)
_JOB_VALUES = attrgetter(*_JOB_FIELDS)
_JOB_PAGE = f"""SELECT {_JOB_COLUMNS} FROM restore_jobs
    WHERE project = ? AND number <= ? ORDER BY number DESC LIMIT ?"""


class Tables:
    """All tables; to be used within a transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.projects = Projects(connection)
        self.indexes = NamedTable(connection, "indexes", _INDEX)
        self.collections = NamedTable(connection, "collections", _COLLECTION)
        self.backups = Backups(connection)
        self.restore_jobs = RestoreJobs(connection)


class Projects:
    """The projects, the counters of their resources, and facts about the store."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def is_registered(self, project: str) -> bool:
        """Return whether the project is stored, with the sample data if all are to have it."""
        row = self._connection.execute(
            """SELECT seeded OR NOT EXISTS (SELECT 1 FROM facts WHERE name = 'demo')
               FROM projects WHERE project = ?""",
            (project,),
        ).fetchone()
        return row is not None and bool(row[0])

    def is_seeded(self, project: str) -> bool:
        """Return whether this project has the sample data."""
        row = self._connection.execute(
            "SELECT seeded FROM projects WHERE project = ?", (project,)
        ).fetchone()
        return row is not None and bool(row[0])

    def all(self) -> list[str]:
        """Return every known project, sorted by name."""
        return [row[0] for row in self._connection.execute("SELECT project FROM projects")]

    def save(self, project: str, *, seeded: bool) -> None:
        """Store a project."""
        self._connection.execute("REPLACE INTO projects VALUES (?, ?)", (project, int(seeded)))

    def next_number(self, project: str, kind: str, count: int = 1) -> int:
        """Reserve `count` numbers of a kind, without gaps from 1; return the first of them."""
        row = self._connection.execute(
            """INSERT INTO counters VALUES (?, ?, ?)
               ON CONFLICT DO UPDATE SET value = value + excluded.value RETURNING value""",
            (project, kind, count),
        ).fetchone()
        return int(row[0]) - count + 1

    def fact(self, name: str) -> str | None:
        """Return a fact about the store as a whole, or None."""
        row = self._connection.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def remember(self, name: str, value: str) -> None:
        """Store a fact about the store as a whole."""
        self._connection.execute("REPLACE INTO facts VALUES (?, ?)", (name, value))


class NamedTable(Generic[Named]):
    """Indexes or collections, by name; a name is free again once its resource is deleted."""

    def __init__(
        self, connection: sqlite3.Connection, table: str, decoder: msgspec.json.Decoder[Named]
    ) -> None:
        self._connection = connection
        self._table = table
        self._decoder: msgspec.json.Decoder[Named] = decoder

    def get(self, project: str, name: str, now: int) -> Named | None:
        """Return the resource of that name, or None if there is none or it is deleted."""
        row = self._connection.execute(
            f"""SELECT record FROM {self._table} WHERE project = ? AND name = ?
                AND (gone_at IS NULL OR gone_at > ?)""",
            (project, name, now),
        ).fetchone()
        return None if row is None else self._decoder.decode(row[0])

    def all(self, project: str, now: int) -> list[Named]:
        """Return all resources that are not deleted, sorted by name."""
        rows = self._connection.execute(
            f"""SELECT record FROM {self._table} WHERE project = ?
                AND (gone_at IS NULL OR gone_at > ?) ORDER BY name""",
            (project, now),
        )
        return [self._decoder.decode(row[0]) for row in rows]

    def save(self, project: str, resource: Named) -> None:
        """Add a resource, or replace the one of the same name."""
        self._connection.execute(
            f"REPLACE INTO {self._table} VALUES (?, ?, ?, ?)",
            (project, resource.name, resource.gone_at, msgspec.json.encode(resource)),
        )


class Backups:
    """Backups, listed newest first."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, project: str, number: int, backup: Backup) -> None:
        """Add a backup under a number of `Projects.next_number`."""
        self._connection.execute(
            "INSERT INTO backups VALUES (?, ?, ?, ?, ?)",
            (
                project,
                number,
                backup.backup_id,
                backup.source_index_id,
                msgspec.json.encode(backup),
            ),
        )

    def save(self, project: str, backup: Backup) -> None:
        """Replace a stored backup."""
        self._connection.execute(
            "UPDATE backups SET record = ? WHERE project = ? AND backup_id = ?",
            (msgspec.json.encode(backup), project, backup.backup_id),
        )

    def get(self, project: str, backup_id: str) -> Backup | None:
        """Return the backup of that id."""
        row = self._connection.execute(
            "SELECT record FROM backups WHERE project = ? AND backup_id = ?", (project, backup_id)
        ).fetchone()
        return None if row is None else _BACKUP.decode(row[0])

    def remove(self, project: str, backup_id: str) -> None:
        """Delete a backup."""
        self._connection.execute(
            "DELETE FROM backups WHERE project = ? AND backup_id = ?", (project, backup_id)
        )

    def page(
        self, project: str, offset: int, limit: int, index_ids: list[str] | None = None
    ) -> list[Backup]:
        """Return a page of the project's backups, or of those of some indexes."""
        condition, values = _of_indexes(index_ids)
        rows = self._connection.execute(
            f"""SELECT record FROM backups WHERE project = ? {condition}
                ORDER BY number DESC LIMIT ? OFFSET ?""",
            (project, *values, limit, offset),
        )
        return [_BACKUP.decode(row[0]) for row in rows]

    def count(self, project: str, index_ids: list[str] | None = None) -> int:
        """Return the number of backups of the project, or of some of its indexes."""
        condition, values = _of_indexes(index_ids)
        row = self._connection.execute(
            f"SELECT count(*) FROM backups WHERE project = ? {condition}",
            (project, *values),
        ).fetchone()
        return int(row[0])

    def source_ids(self, project: str, index_name: str) -> list[str]:
        """Return the ids of all indexes that had this name when they were backed up."""
        rows = self._connection.execute(
            """SELECT DISTINCT index_id FROM backups
               WHERE project = ? AND record ->> 'source_index_name' = ?""",
            (project, index_name),
        )
        return [str(row[0]) for row in rows]

    def note_deletion(self, project: str, index_id: str, now: int) -> None:
        """Store the time of an index's deletion in its backups."""
        for backup in self.page(project, 0, -1, [index_id]):
            self.save(project, evolve(backup, source_index_deleted_at=now))


def _of_indexes(index_ids: list[str] | None) -> tuple[str, list[str]]:
    if index_ids is None:
        return "", []
    return f"AND index_id IN ({', '.join('?' * len(index_ids))})", index_ids


class RestoreJobs:
    """Restore jobs, listed newest first."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, project: str, first_number: int, jobs: Iterable[RestoreJob]) -> None:
        """Add jobs under consecutive numbers of `Projects.next_number`."""
        marks = ", ".join("?" * (len(_JOB_FIELDS) + 2))
        self._connection.executemany(
            f"INSERT INTO restore_jobs (project, number, {_JOB_COLUMNS}) VALUES ({marks})",
            ((project, number, *_JOB_VALUES(job)) for number, job in enumerate(jobs, first_number)),
        )

    def save(self, project: str, job: RestoreJob) -> None:
        """Store when and how a job ends."""
        self._connection.execute(
            """UPDATE restore_jobs SET ends_at = ?, outcome = ?, full_duration = ?
               WHERE project = ? AND restore_job_id = ?""",
            (job.ends_at, job.outcome, job.full_duration, project, job.restore_job_id),
        )

    def get(self, project: str, restore_job_id: str) -> RestoreJob | None:
        """Return the job of that id."""
        row = self._connection.execute(
            f"SELECT {_JOB_COLUMNS} FROM restore_jobs WHERE project = ? AND restore_job_id = ?",
            (project, restore_job_id),
        ).fetchone()
        return None if row is None else RestoreJob(*row)

    def page(self, project: str, offset: int, limit: int, total: int) -> list[RestoreJob]:
        """Return a page of the project's jobs, found by number: any offset costs the same.

        Args:
            project: the project of the jobs.
            offset: offset of the first row, counted from the newest.
            limit: the largest number of rows.
            total: number of jobs, from `count`.
        """
        rows = self._connection.execute(_JOB_PAGE, (project, total - offset, limit))
        return [RestoreJob(*row) for row in rows]

    def pending_first(self, project: str, now: int, offset: int, limit: int) -> list[RestoreJob]:
        """Return a page of the project's jobs: those in progress first, each part newest first."""
        pending = self._connection.execute(
            f"""SELECT {_JOB_COLUMNS} FROM restore_jobs
                WHERE project = ? AND ends_at > ? ORDER BY number DESC""",
            (project, now),
        ).fetchall()
        rows = pending[offset : offset + limit]
        rows += self._connection.execute(
            f"""SELECT {_JOB_COLUMNS} FROM restore_jobs
                WHERE project = ? AND +ends_at <= ? ORDER BY number DESC LIMIT ? OFFSET ?""",
            (project, now, limit - len(rows), max(0, offset - len(pending))),
        )
        return [RestoreJob(*row) for row in rows]

    def count(self, project: str) -> int:
        """Return the number of the project's jobs, which is also the newest one's number."""
        row = self._connection.execute(
            "SELECT max(number) FROM restore_jobs WHERE project = ?", (project,)
        ).fetchone()
        return int(row[0] or 0)

    def pending_of_backup(self, project: str, backup_id: str, now: int) -> list[RestoreJob]:
        """Return the jobs that still read from a backup."""
        rows = self._connection.execute(
            f"""SELECT {_JOB_COLUMNS} FROM restore_jobs
                WHERE project = ? AND backup_id = ? AND ends_at > ? ORDER BY number""",
            (project, backup_id, now),
        )
        return [RestoreJob(*row) for row in rows]
