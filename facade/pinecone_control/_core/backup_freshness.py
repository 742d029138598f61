"""Compute how fresh the backups of an index are, and which backups belong to it. Pure.

Only the methods that need this module import it, so most programs never load it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

from attrs import frozen

from pinecone_control._checks import whole_number
from pinecone_control.errors import PineconeValueError
from pinecone_control_api import models

_UNKNOWN_AGE: Final = datetime.min.replace(tzinfo=UTC)


@frozen(kw_only=True)
class BackupFreshness:
    """Whether an index has backups that are new enough, and enough of them.

    Attributes:
        index_name: the index.
        latest: its newest ready backup; None if there is none.
        age: the age of `latest`; zero if its timestamp is later than `now`, which can happen if
            clocks differ; None if there is no ready backup, or if it has no timestamp.
        count: the number of ready backups.
        last_failed: its newest failed backup; None if none failed.
        max_age: the greatest allowed age of `latest`.
        min_count: the required number of ready backups.
    """

    index_name: str
    latest: models.Backup | None
    age: timedelta | None
    count: int
    last_failed: models.Backup | None
    max_age: timedelta
    min_count: int = 1

    @property
    def is_fresh(self) -> bool:
        return not self.problem

    @property
    def problem(self) -> str:
        """Why the index is not fresh, in a few words; empty if it is."""
        if self.latest is None:
            return "no ready backup"
        if self.age is None:
            return "age unknown"
        if self.age > self.max_age:
            return "too old"
        too_few = f"only {self.count} of {self.min_count} ready backups"
        return too_few if self.count < self.min_count else ""


def checked_demands(*, max_age: timedelta, min_count: int, now: datetime | None) -> None:
    """Refuse invalid arguments of a freshness check.

    Raises:
        PineconeValueError: naming the argument and what to pass.
    """
    if not isinstance(max_age, timedelta) or max_age <= timedelta(0):
        raise PineconeValueError(
            "max_age must be a timedelta above zero, such as timedelta(hours=26), got "
            f"{max_age!r:.100}"
        )
    whole_number("min_count", min_count)
    if now is not None and (not isinstance(now, datetime) or now.utcoffset() is None):
        raise PineconeValueError(
            f"now must be a datetime with a time zone, such as datetime.now(UTC), got {now!r:.100}"
        )


def freshness_of(
    index_name: str,
    backups: Iterable[models.Backup],
    *,
    now: datetime,
    max_age: timedelta,
    min_count: int = 1,
) -> BackupFreshness:
    """Return how fresh the given backups of an index are."""
    known = list(backups)
    ready = [backup for backup in known if backup.is_ready]
    latest = newest(ready)
    made = None if latest is None else latest.created_at
    return BackupFreshness(
        index_name=index_name,
        latest=latest,
        age=None if made is None else max(now - made, timedelta()),
        count=len(ready),
        last_failed=newest(backup for backup in known if backup.failed),
        max_age=max_age,
        min_count=min_count,
    )


def newest(backups: Iterable[models.Backup]) -> models.Backup | None:
    """Return the newest backup, whatever their order; those of unknown age count as oldest."""
    return max(backups, key=lambda backup: backup.created_at or _UNKNOWN_AGE, default=None)


def backups_of(index: models.Index, backups: Iterable[models.Backup]) -> list[models.Backup]:
    """Return the backups of this index, without those of an earlier index with the same name.

    The API gives an index no id that could be compared with the backups' `source_index_id`. So a
    backup must agree with the index in dimension, metric and place, and in `source_index_id` with
    the newest backup that does. An earlier index that agrees in all of these, and was replaced
    after the newest backup, cannot be recognized.
    """
    alike = [backup for backup in backups if _is_alike(index, backup)]
    latest = newest(alike)
    return [
        backup
        for backup in alike
        if latest is not None and backup.source_index_id == latest.source_index_id
    ]


def _is_alike(index: models.Index, backup: models.Backup) -> bool:
    place = index.spec.serverless
    return (
        backup.source_index_name == index.name
        and backup.dimension in {None, index.dimension}
        and backup.metric in {None, index.metric}
        and (place is None or (backup.cloud, backup.region) == (place.cloud, place.region))
    )
