"""Decide which backups to keep and which to delete, by rules like restic's. Pure: deletes nothing.

A backup is kept if any rule keeps it. The rules apply to each index separately; an index that was
deleted and created again under the same name counts as two.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

from attrs import frozen

from pinecone_control.cli.times import Duration, stamp

if TYPE_CHECKING:
    from pinecone_control import Backup

HOLD_PATTERNS: Final = ("hold-*", "*-hold")
"""Backups with such names are never deleted. The API offers no other way to mark a backup."""

_BUCKETS: Final[dict[str, Callable[[datetime], object]]] = {
    "hourly": lambda local: (local.date(), local.hour),
    "daily": lambda local: local.date(),
    "weekly": lambda local: local.isocalendar()[:2],
    "monthly": lambda local: (local.year, local.month),
    "yearly": lambda local: local.year,
}


@frozen(kw_only=True)
class Rules:
    """The rules that keep backups, and the filters that limit which backups are deleted.

    Attributes:
        last: keep this number of the newest backups.
        hourly: keep the newest backup of each of the last N hours that have one; `daily`, `weekly`
            (ISO weeks), `monthly` and `yearly` likewise. All are in local time.
        within: keep all backups that are at most this much older than the newest one.
        older_than: delete only backups created before this time.
        names: delete only backups whose name matches one of these patterns; empty means any name.
        tags: delete only backups with all these tags.
        named_indexes: indexes that the user named; if `last` is 0, their last backup may be
            deleted.
    """

    last: int | None = None
    hourly: int | None = None
    daily: int | None = None
    weekly: int | None = None
    monthly: int | None = None
    yearly: int | None = None
    within: Duration | None = None
    older_than: datetime | None = None
    names: tuple[str, ...] = ()
    tags: tuple[tuple[str, str], ...] = ()
    named_indexes: frozenset[str] = frozenset()

    @property
    def counts(self) -> dict[str, int]:
        """The given rules that keep a number of backups, with that number.

        As in restic, 0 hours, days and so on are no rule. `last` may be 0: it asks for deletion.
        """
        counts = {name: getattr(self, name) for name in _BUCKETS if getattr(self, name)}
        return counts if self.last is None else {"last": self.last, **counts}

    @property
    def are_given(self) -> bool:
        return bool(self.counts or self.within or self.older_than)


@frozen
class Verdict:
    """Whether one backup is deleted, and why."""

    backup: "Backup"
    goes: bool
    reason: str
    is_meant: bool = True
    """False if a name pattern or a tag leaves the backup out."""


def verdicts(backups: "Iterable[Backup]", rules: Rules, *, now: datetime) -> list[Verdict]:
    """Return the verdict on each backup: index by index, the newest first.

    Only ready backups are counted. A failed one is deleted once a newer one is ready or it is older
    than `older_than`. Always kept are backups in progress, backups of unknown age or state, backups
    held by their name, and the last backup from which an index can be restored.
    """
    groups: defaultdict[tuple[str, str], list[Backup]] = defaultdict(list)
    for backup in backups:
        groups[backup.source_index_name, backup.source_index_id].append(backup)
    return [
        verdict for _, group in sorted(groups.items()) for verdict in _of_index(group, rules, now)
    ]


def _of_index(backups: "list[Backup]", rules: Rules, now: datetime) -> list[Verdict]:
    dated = [(moment, each) for each in backups if (moment := each.created_at) is not None]
    dated.sort(key=lambda pair: pair[0], reverse=True)
    counted = [pair for pair in dated if pair[1].is_ready and _is_meant(pair[1], rules)]
    reasons = _kept(counted, rules, now)
    newest_ready = next((moment for moment, each in dated if each.is_ready), None)
    found = [
        _verdict_on(moment, each, reasons[each.backup_id], newest_ready, rules)
        for moment, each in dated
    ]
    found += [
        Verdict(each, goes=False, reason="age unknown")
        for each in backups
        if each.created_at is None
    ]
    return _spare_last_ready(found, rules)


def _is_meant(backup: "Backup", rules: Rules) -> bool:
    """Return whether the rules apply to a backup."""
    name, tags = backup.name or "", dict(backup.tags or {})
    return (
        (not rules.names or any(fnmatchcase(name, pattern) for pattern in rules.names))
        and all(tags.get(key) == value for key, value in rules.tags)
        and not is_held(backup)
    )


def is_held(backup: "Backup") -> bool:
    """Return whether a backup's name protects it from deletion."""
    name = (backup.name or "").casefold()
    return any(fnmatchcase(name, pattern) for pattern in HOLD_PATTERNS)


def _kept(
    dated: "Sequence[tuple[datetime, Backup]]", rules: Rules, now: datetime
) -> defaultdict[str, list[str]]:
    """Return the rules that keep each backup, by backup id; `dated` has the newest first."""
    kept: defaultdict[str, list[str]] = defaultdict(list)
    if rules.within is not None and dated:
        past = [moment for moment, _ in dated if moment <= now] or [dated[-1][0]]
        start = rules.within.before(past[0])
        for moment, backup in dated:
            if moment > start:
                kept[backup.backup_id].append(f"within {rules.within.text}")
    counts = rules.counts
    if not counts and rules.within is None:
        counts = {"last": 1}  # with --older-than alone, the newest backup of each index is kept
    for rule, count in counts.items():
        _keep_by_period(kept, dated, rule, count)
    return kept


def _keep_by_period(
    kept: dict[str, list[str]],
    dated: "Sequence[tuple[datetime, Backup]]",
    rule: str,
    count: int,
) -> None:
    """Keep the newest backup of each of `count` periods; if there are fewer, the oldest one too."""
    last_bucket: object = None
    filled = 0
    for place, (moment, backup) in enumerate(dated):
        if filled == count:
            return
        bucket = place if rule == "last" else _BUCKETS[rule](moment.astimezone())
        is_new = place == 0 or bucket != last_bucket
        if is_new or place == len(dated) - 1:
            filled += 1
            kept[backup.backup_id].append(f"{rule} {filled}" if is_new else f"oldest {rule}")
        last_bucket = bucket


def _verdict_on(
    moment: datetime,
    backup: "Backup",
    kept: list[str],
    newest_ready: datetime | None,
    rules: Rules,
) -> Verdict:
    def stays(reason: str) -> Verdict:
        return Verdict(backup, goes=False, reason=reason)

    if is_held(backup):
        return stays("held by its name")
    if not (backup.is_ready or backup.failed):
        return stays("in progress" if backup.status == "Initializing" else "state unknown")
    if not _is_meant(backup, rules):
        return Verdict(backup, goes=False, reason="not selected", is_meant=False)
    if kept:
        return stays(", ".join(kept))
    is_old = rules.older_than is not None and moment < rules.older_than
    if rules.older_than is not None and not is_old:
        return stays(f"newer than {stamp(rules.older_than)}")
    if backup.failed:
        outdone = newest_ready is not None and moment < newest_ready
        return (
            Verdict(backup, goes=True, reason="failed")
            if is_old or outdone
            else stays("failed, but no newer one is ready")
        )
    return Verdict(backup, goes=True, reason="too old" if is_old else "kept by no rule")


def _spare_last_ready(found: list[Verdict], rules: Rules) -> list[Verdict]:
    """Keep the newest ready backup if all ready ones would be deleted."""
    ready = [verdict for verdict in found if verdict.backup.is_ready]
    if not ready or not all(verdict.goes for verdict in ready):
        return found
    last = ready[0]
    if rules.last == 0 and last.backup.source_index_name in rules.named_indexes:
        return found
    spared = Verdict(last.backup, goes=False, reason="last backup of its index")
    return [spared if verdict is last else verdict for verdict in found]
