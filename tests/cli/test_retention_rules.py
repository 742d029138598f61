"""`backups prune` keeps what restic keeps.

restic's documentation says of its rules: each `--keep-hourly` and the like goes through the
snapshots from the newest on and keeps the most recent one of each hour (day, ISO week, month, year)
that has one, for so many of them; if there are fewer, the oldest snapshot is kept as well.
`--keep-within` keeps all within that time of the newest one. `kept` says the same in terms of sets,
without looking at how the command goes about it.
"""

import os
import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from pinecone_control import Backup
from pinecone_control.cli.retention import Rules, verdicts
from pinecone_control.cli.times import duration

NOW = datetime(2025, 11, 15, 12, tzinfo=UTC)

PERIODS: dict[str, Callable[[datetime], str]] = {
    "hourly": lambda local: local.strftime("%Y-%m-%d %H"),
    "daily": lambda local: local.strftime("%Y-%m-%d"),
    "weekly": lambda local: local.strftime("%G-W%V"),
    "monthly": lambda local: local.strftime("%Y-%m"),
    "yearly": lambda local: local.strftime("%Y"),
}


def kept(moments: list[datetime], **rules: int) -> set[datetime]:
    """Which of the moments restic's rules keep; each rule by the sets it speaks of."""
    found: set[datetime] = set()
    for rule, count in rules.items():
        if rule == "last":
            found |= set(sorted(moments)[-count:] if count else [])
            continue
        newest_of = {}
        for moment in sorted(moments):
            newest_of[PERIODS[rule](moment.astimezone())] = moment
        newest = sorted(newest_of.values())
        found |= set(newest[-count:] if count else [])
        if len(newest) < count:
            found.add(min(moments))
    return found


def backup(moment: datetime, **fields: object) -> Backup:
    given = {
        "backup_id": moment.isoformat(),
        "source_index_name": "movies",
        "source_index_id": "1",
        "status": "Ready",
        "cloud": "aws",
        "region": "us-east-1",
        "created_at": moment.isoformat(),
        **fields,
    }
    return Backup.from_dict(given)


def kept_by_command(moments: list[datetime], rules: Rules) -> set[datetime]:
    judged = verdicts([backup(moment) for moment in moments], rules, now=NOW)
    return {datetime.fromisoformat(each.backup.backup_id) for each in judged if not each.goes}


@pytest.fixture(params=["UTC", "Europe/Berlin", "America/New_York", "Pacific/Auckland"])
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setitem(os.environ, "TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


def some_moments(dice: random.Random) -> list[datetime]:
    """Up to 60 moments, close together or over years, some of them at turns of the clock."""
    longest = dice.choice([timedelta(hours=30), timedelta(days=40), timedelta(days=1500)])
    turns = [
        datetime(2025, 10, 26, 0, 59, tzinfo=UTC),
        datetime(2025, 10, 26, 1, 1, tzinfo=UTC),
        datetime(2024, 12, 30, 11, tzinfo=UTC),
        datetime(2024, 12, 31, 23, 30, tzinfo=UTC),
        datetime(2021, 1, 3, 23, 59, tzinfo=UTC),
    ]
    found = {NOW - longest * dice.random() for _ in range(dice.randint(1, 60))}
    return sorted(found | set(dice.sample(turns, dice.randint(0, 3))))


@pytest.mark.usefixtures("zone")
@pytest.mark.parametrize("seed", range(60))
def test_rules_keep_what_the_documentation_of_restic_says(seed: int) -> None:
    dice = random.Random(seed)
    moments = some_moments(dice)
    names = dice.sample(["last", *PERIODS], dice.randint(1, 3))
    rules = {name: dice.choice([1, 2, 3, 7, 12, 100]) for name in names}
    assert kept_by_command(moments, Rules(**rules)) == kept(moments, **rules), rules  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("36h", timedelta(hours=36)),
        ("10d", timedelta(days=10)),
        ("2w", timedelta(days=14)),
    ],
)
def test_keep_within_counts_from_the_newest(text: str, start: timedelta) -> None:
    moments = [NOW - timedelta(hours=13 * number) for number in range(3, 60)]
    expected = {moment for moment in moments if moment > max(moments) - start}
    assert kept_by_command(moments, Rules(within=duration(text))) == expected


@pytest.mark.usefixtures("zone")
def test_keep_within_months_goes_by_the_calendar() -> None:
    moments = [datetime(2025, month, 20, 12, tzinfo=UTC) for month in range(1, 10)]
    moments.append(datetime(2025, 10, 28, 12, tzinfo=UTC))
    assert kept_by_command(moments, Rules(within=duration("3mo"))) == set(moments[-3:])


def test_backup_of_the_future_does_not_move_what_within_counts_from() -> None:
    moments = [NOW - timedelta(days=day) for day in (1, 2, 5)]
    ahead = NOW + timedelta(days=300)
    assert kept_by_command([*moments, ahead], Rules(within=duration("3d"))) == {*moments[:2], ahead}


def reasons(backups: list[Backup], rules: Rules) -> dict[str, tuple[bool, str]]:
    judged = verdicts(backups, rules, now=NOW)
    return {each.backup.backup_id: (each.goes, each.reason) for each in judged}


def test_each_index_is_counted_by_itself_and_one_made_again_is_another() -> None:
    old = [backup(NOW - timedelta(days=day), backup_id=f"old{day}") for day in (30, 31)]
    new = [
        backup(NOW - timedelta(days=day), backup_id=f"new{day}", source_index_id="2")
        for day in (1, 2)
    ]
    judged = reasons(old + new, Rules(last=1))
    assert [key for key, (goes, _) in judged.items() if not goes] == ["old30", "new1"]


def test_every_backup_has_a_reason() -> None:
    given = [
        backup(NOW - timedelta(days=1), backup_id="newest"),
        backup(NOW - timedelta(days=2), backup_id="held", name="hold-release-1"),
        backup(NOW - timedelta(days=3), backup_id="making", status="Initializing"),
        backup(NOW - timedelta(days=4), backup_id="odd", status="Thawing"),
        backup(NOW - timedelta(days=5), backup_id="old"),
        backup(NOW - timedelta(days=6), backup_id="failed", status="Failed"),
    ]
    assert reasons(given, Rules(last=1, daily=1)) == {
        "newest": (False, "last 1, daily 1"),
        "held": (False, "held by its name"),
        "making": (False, "in progress"),
        "odd": (False, "state unknown"),
        "old": (True, "kept by no rule"),
        "failed": (True, "failed"),
    }


def test_patterns_and_tags_leave_other_backups_alone() -> None:
    given = [
        backup(NOW - timedelta(days=1), backup_id="n1", name="nightly-2"),
        backup(NOW - timedelta(days=2), backup_id="n2", name="nightly-1", tags={"team": "a"}),
        backup(NOW - timedelta(days=9), backup_id="hand", name="before-migration"),
        backup(NOW - timedelta(days=10), backup_id="unnamed"),
    ]
    by_name = reasons(given, Rules(last=1, names=("nightly-*",)))
    assert [key for key, (goes, _) in by_name.items() if goes] == ["n2"]
    by_tag = reasons(given, Rules(last=0, tags=(("team", "a"),)))
    assert [key for key, (goes, _) in by_tag.items() if goes] == ["n2"]


def test_last_restorable_backup_of_an_index_goes_only_if_it_is_named() -> None:
    given = [
        backup(NOW - timedelta(days=1), backup_id="failed", status="Failed"),
        backup(NOW - timedelta(days=2), backup_id="last"),
    ]
    assert reasons(given, Rules(last=0))["last"] == (False, "last backup of its index")
    named = Rules(last=0, named_indexes=frozenset({"movies"}))
    assert reasons(given, named)["last"] == (True, "kept by no rule")


def test_last_one_stays_also_where_only_failed_ones_and_held_ones_are_left() -> None:
    given = [backup(NOW - timedelta(days=400), backup_id="last")]
    rules = Rules(older_than=NOW - timedelta(days=30), last=0)
    assert reasons(given, rules)["last"] == (False, "last backup of its index")
