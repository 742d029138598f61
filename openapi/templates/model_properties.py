"""Properties that models compute from their fields: readiness, failure, readable size."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from . import resource_states

_UNITS: Final = ("kB", "MB", "GB", "TB", "PB")


def readable_size(count: float) -> str:
    """Return a number of bytes as text with a decimal unit: `"10.0 MB"`."""
    if round(count) < 1000:
        return f"{count:.0f} B"
    size, units = count / 1000, iter(_UNITS)
    unit = next(units)
    # A number that rounds to 1000 gets the next unit: 999_999 bytes are 1.0 MB.
    while round(size, 1) >= 1000 and unit != _UNITS[-1]:
        size, unit = size / 1000, next(units)
    return f"{size:.1f} {unit}"


class RestoreJobProperties:
    """The outcome of a restore job, computed from its `status`."""

    __slots__ = ()
    status: str
    _columns: ClassVar[tuple[str, ...]] = (
        "restore_job_id",
        "status",
        "target_index_name",
        "percent_complete",
        "created_at",
    )

    @property
    def is_done(self) -> bool:
        """Whether the job has ended, successfully or not. An unknown status counts as running."""
        return resource_states.RESTORE_JOB.get(self.status, "at work") != "at work"

    @property
    def succeeded(self) -> bool:
        """Whether the job has ended, and the target index contains the backup's data."""
        return resource_states.RESTORE_JOB.get(self.status) == "ready"

    @property
    def failed(self) -> bool:
        """Whether the job failed or was cancelled."""
        return resource_states.RESTORE_JOB.get(self.status) == "failed"


class BackupProperties:
    """The state of a backup, computed from its `status`, and its readable size."""

    __slots__ = ()
    status: str
    size_bytes: int | None
    _columns: ClassVar[tuple[str, ...]] = (
        *("backup_id", "status", "source_index_name", "name"),
        *("record_count", "size", "created_at"),
    )

    @property
    def is_ready(self) -> bool:
        """Whether an index can be created from the backup."""
        return resource_states.BACKUP.get(self.status) == "ready"

    @property
    def failed(self) -> bool:
        """Whether the creation of the backup failed."""
        return resource_states.BACKUP.get(self.status) == "failed"

    @property
    def size(self) -> str | None:
        """`size_bytes` as text with a decimal unit: `"10.0 MB"`. None if the size is unknown."""
        return None if self.size_bytes is None else readable_size(self.size_bytes)


class CollectionProperties:
    """The state of a collection, computed from its `status`."""

    __slots__ = ()
    status: str
    _columns: ClassVar[tuple[str, ...]] = (
        "name",
        "status",
        "vector_count",
        "size",
        "dimension",
        "environment",
    )

    @property
    def is_ready(self) -> bool:
        """Whether an index can be created from the collection."""
        return resource_states.COLLECTION.get(self.status) == "ready"


class IndexProperties:
    """The state of an index, computed from its `status`."""

    __slots__ = ()
    status: Any
    _columns: ClassVar[tuple[str, ...]] = (
        "name",
        "status.state",
        "spec",
        "dimension",
        "metric",
        "deletion_protection",
    )

    @property
    def is_ready(self) -> bool:
        """Whether the index serves requests."""
        return bool(self.status.ready)
