"""Which backups stay and which can go, by rules as restic has them. Pure: nothing is deleted here.

A backup stays when any rule keeps it. The rules are counted separately for each index, and an index
that was deleted and made again under its name is another one.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

from attrs import field, frozen

from pinecone_control.cli.times import Duration, stamp

if TYPE_CHECKING:
    from pinecone_control import Backup

HOLD_PATTERNS: Final = ("hold-*", "*-hold")
"""Names of backups that no rule ever lets go: the API has no other lasting mark of a backup."""

_BUCKETS: Final[dict[str, Callable[[datetime], object]]] = {
    "hourly": lambda local: (local.date(), local.hour),
    "daily": lambda local: local.date(),
    "weekly": lambda local: local.isocalendar()[:2],
    "monthly": lambda local: (local.year, local.month),
    "yearly": lambda local: local.year,
}


@frozen(kw_only=True)
class Rules:
    """What is kept, and what the rules are about.

    Attributes:
        last: the newest so many.
        hourly: the newest of each of the last so many hours that have a backup; daily, weekly (ISO
            weeks), monthly and yearly likewise. All are of local time.
        within: all that were made so long before the newest one.
        older_than: only what was made before this moment goes.
        names: only backups with a name like one of these go; without any, all names.
        tags: only backups with all these tags go.
        named_indexes: indexes that were named, whose last backup may go if `last` is 0.
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
    tags: dict[str, str] = field(factory=dict)
    named_indexes: frozenset[str] = frozenset()

    @property
    def counts(self) -> dict[str, int]:
        """Return how many each rule keeps, of those that were given."""
        counts = {"last": self.last, **{name: getattr(self, name) for name in _BUCKETS}}
        return {name: count for name, count in counts.items() if count is not None}

    @property
    def are_given(self) -> bool:
        return bool(self.counts or self.within or self.older_than)


@frozen
class Verdict:
    """What becomes of one backup, and why."""

    backup: "Backup"
    goes: bool
    reason: str
    is_meant: bool = True
    """False where a pattern or a tag leaves it out."""


def verdicts(backups: "Iterable[Backup]", rules: Rules, *, now: datetime) -> list[Verdict]:
    """Return what becomes of each backup: index by index, the newest first.

    Only backups that are ready are counted. One that failed goes once a newer one is ready or it is
    older than `older_than`; one that is being made, is of unknown age or state, or is held by its
    name always stays; and so does the last one of an index from which it can be restored.
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
        _judged(moment, each, reasons[each.backup_id], newest_ready, rules)
        for moment, each in dated
    ]
    found += [
        Verdict(each, goes=False, reason="age unknown")
        for each in backups
        if each.created_at is None
    ]
    return _last_one_spared(found, rules)


def _is_meant(backup: "Backup", rules: Rules) -> bool:
    """Whether the rules are about this backup at all."""
    name, tags = backup.name or "", dict(backup.tags or {})
    return (
        (not rules.names or any(fnmatchcase(name, pattern) for pattern in rules.names))
        and all(tags.get(key) == value for key, value in rules.tags.items())
        and not is_held(backup)
    )


def is_held(backup: "Backup") -> bool:
    """Whether the backup's name says that it is to stay."""
    name = (backup.name or "").casefold()
    return any(fnmatchcase(name, pattern) for pattern in HOLD_PATTERNS)


def _kept(
    dated: "Sequence[tuple[datetime, Backup]]", rules: Rules, now: datetime
) -> defaultdict[str, list[str]]:
    """Return why backups are kept, by their ids; `dated` has the newest first."""
    kept: defaultdict[str, list[str]] = defaultdict(list)
    if rules.within is not None and dated:
        past = [moment for moment, _ in dated if moment <= now] or [dated[-1][0]]
        start = rules.within.before(past[0])
        for moment, backup in dated:
            if moment > start:
                kept[backup.backup_id].append(f"within {rules.within.text}")
    counts = rules.counts
    if not counts and rules.within is None:
        counts = {"last": 1}  # with an age alone, the newest of each index stays
    for rule, count in counts.items():
        _fill(kept, dated, rule, count)
    return kept


def _fill(
    kept: dict[str, list[str]],
    dated: "Sequence[tuple[datetime, Backup]]",
    rule: str,
    count: int,
) -> None:
    """Keep the newest of each of `count` buckets, and the oldest of all if some stay free."""
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


def _judged(
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


def _last_one_spared(found: list[Verdict], rules: Rules) -> list[Verdict]:
    """Let the newest stay from which an index can be restored, if none would."""
    ready = [verdict for verdict in found if verdict.backup.is_ready]
    if not ready or not all(verdict.goes for verdict in ready):
        return found
    last = ready[0]
    if rules.last == 0 and last.backup.source_index_name in rules.named_indexes:
        return found
    spared = Verdict(last.backup, goes=False, reason="last backup of its index")
    return [spared if verdict is last else verdict for verdict in found]
