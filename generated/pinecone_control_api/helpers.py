"""Questions that users ask of a model, answered from its fields."""

from __future__ import annotations

from typing import Protocol

_DONE = {"Completed", "Failed", "Cancelled"}
_UNITS = ("kB", "MB", "GB", "TB", "PB")


class _HasStatus(Protocol):
    @property
    def status(self) -> str: ...


class _Readiness(Protocol):
    @property
    def ready(self) -> bool: ...


class _HasReadiness(Protocol):
    @property
    def status(self) -> _Readiness: ...


class _HasSize(Protocol):
    @property
    def size_bytes(self) -> int | None: ...


class RestoreJobHelpers:
    """Where a restore job stands. The states are documented for a later version of the API."""

    __slots__ = ()

    @property
    def is_done(self: _HasStatus) -> bool:
        """Whether the job has ended, well or not. An unknown status counts as still running."""
        return self.status in _DONE

    @property
    def succeeded(self: _HasStatus) -> bool:
        """Whether the job has ended and the target index holds the backup's data."""
        return self.status == "Completed"

    @property
    def failed(self: _HasStatus) -> bool:
        """Whether the job has ended without restoring: it failed or was cancelled."""
        return self.status in {"Failed", "Cancelled"}


class BackupHelpers:
    """Where a backup stands, and how large it is."""

    __slots__ = ()

    @property
    def is_ready(self: _HasStatus) -> bool:
        """Whether an index can be made from the backup."""
        return self.status == "Ready"

    @property
    def failed(self: _HasStatus) -> bool:
        """Whether the backup could not be made. Contract and documentation differ in the word."""
        return self.status in {"InitializationFailed", "Failed"}

    @property
    def size(self: _HasSize) -> str | None:
        """`size_bytes` for a reader, in powers of 1000: `"10.0 MB"`. None when it is not told."""
        if self.size_bytes is None:
            return None
        if self.size_bytes < 1000:
            return f"{self.size_bytes} B"
        size, unit = self.size_bytes / 1000, 0
        while round(size, 1) >= 1000 and unit < len(_UNITS) - 1:
            size, unit = size / 1000, unit + 1
        return f"{size:.1f} {_UNITS[unit]}"


class CollectionHelpers:
    """Where a collection stands."""

    __slots__ = ()

    @property
    def is_ready(self: _HasStatus) -> bool:
        """Whether an index can be made from the collection."""
        return self.status == "Ready"


class IndexHelpers:
    """Where an index stands."""

    __slots__ = ()

    @property
    def is_ready(self: _HasReadiness) -> bool:
        """Whether the index serves requests."""
        return self.status.ready
