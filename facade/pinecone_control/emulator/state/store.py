"""State in SQLite: in memory, or in a file that survives a kill at any moment.

There is one connection, and one transaction per request. A file is locked exclusively until it is
closed, and only its owner may read it; every commit reaches the disk before the response is sent.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import weakref
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pinecone_control.emulator.errors import EmulatorDataError
from pinecone_control.emulator.state.sql_tables import SCHEMA, TABLE_NAMES, Tables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

APPLICATION_ID = 0x50C0_0001
"""SQLite's application id, which marks a file as an emulator's."""

FORMAT_VERSION = 1

_OWNER_ONLY = 0o600
_MAGIC = b"SQLite format 3\x00"
_HEADER_SIZE = 100
_USER_VERSION = slice(60, 64)
_APPLICATION_ID = slice(68, 72)


class Store:
    """The emulator's state.

    Args:
        path: the data file, created if it does not exist; None keeps everything in memory.

    Raises:
        EmulatorDataError: the file cannot be used; it is left unchanged.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._lock = threading.RLock()
        if path is None:
            self._connection = sqlite3.connect(
                ":memory:", isolation_level=None, check_same_thread=False
            )
            _create(self._connection)
        else:
            self._connection = _open_file(path)
        # Python 3.13 warns of an unclosed connection; an unclosed emulator needs no warning.
        self._close = weakref.finalize(self, self._connection.close)
        self._tables = Tables(self._connection)
        self._changes = 0

    @contextmanager
    def transaction(self, now: int) -> Iterator[Tables]:
        """Yield the tables in a transaction that is committed unless the block raises.

        Args:
            now: microseconds since the epoch; remembered as the `latest` time if anything changes,
                so that emulated time continues from there when the file is opened again.
        """
        with self._lock:
            self._begin()
            try:
                yield self._tables
                self._commit(now)
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def commit(self, now: int) -> None:
        """Commit the running transaction, and begin a new one."""
        self._commit(now)
        self._begin()

    def clear(self, now: int) -> None:
        """Delete all rows."""
        with self.transaction(now):
            for name in TABLE_NAMES:
                self._connection.execute(f"DELETE FROM {name}")

    def close(self) -> None:
        """Release the file; a second call does nothing."""
        with self._lock:
            self._close()

    def _begin(self) -> None:
        self._connection.execute("BEGIN")
        self._changes = self._connection.total_changes

    def _commit(self, now: int) -> None:
        if self._connection.total_changes != self._changes:
            self._tables.projects.remember("latest", str(now))
        self._connection.execute("COMMIT")


def _open_file(path: Path) -> sqlite3.Connection:
    _refuse_foreign(path)
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, _OWNER_ONLY))
        path.chmod(_OWNER_ONLY)  # SQLite's journal takes these permissions too
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=0)
    except OSError as error:
        raise EmulatorDataError(f"{path}: cannot be opened: {error.strerror}") from error
    except sqlite3.Error as error:
        raise EmulatorDataError(f"{path}: cannot be opened: {error}") from error
    try:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("BEGIN EXCLUSIVE")
        if connection.execute("PRAGMA user_version").fetchone() == (0,):
            _create(connection)
        connection.execute("COMMIT")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("SELECT count(*) FROM projects")
    except sqlite3.Error as error:
        connection.close()
        raise _explained(path, error) from error
    return connection


def _refuse_foreign(path: Path) -> None:
    """Check the header first, so that SQLite never opens a file that is not an emulator's."""
    try:
        with path.open("rb") as file:
            header = file.read(_HEADER_SIZE)
    except FileNotFoundError:
        if not path.parent.is_dir():
            raise EmulatorDataError(f"{path}: the directory does not exist") from None
        return
    except OSError as error:
        raise EmulatorDataError(f"{path}: cannot be read: {error.strerror}") from error
    if not header:
        return
    if not header.startswith(_MAGIC) or int.from_bytes(header[_APPLICATION_ID]) != APPLICATION_ID:
        raise EmulatorDataError(f"{path}: is not an emulator data file; it was left as it is")
    version = int.from_bytes(header[_USER_VERSION])
    if version != FORMAT_VERSION:
        raise EmulatorDataError(
            f"{path}: has format version {version}, this emulator reads version "
            f"{FORMAT_VERSION}; it was left as it is"
        )


def _create(connection: sqlite3.Connection) -> None:
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {FORMAT_VERSION}")
    for statement in SCHEMA:
        connection.execute(statement)


def _explained(path: Path, error: sqlite3.Error) -> EmulatorDataError:
    if "locked" in str(error):
        return EmulatorDataError(f"{path}: is in use by another process")
    return EmulatorDataError(f"{path}: cannot be used: {error}")
