"""Which backups `backups prune` takes."""

from datetime import UTC, datetime, timedelta

from pinecone_control import Backup
from pinecone_control.cli.retention import Rules, verdicts

NOW = datetime(2025, 6, 1, tzinfo=UTC)


def backup(name: str, days: float | None, status: str = "Ready", index: str = "movies") -> Backup:
    """A backup that was made so many days ago; None: nobody knows when."""
    return Backup(
        backup_id=name,
        source_index_name=index,
        source_index_id="1",
        status=status,
        cloud="aws",
        region="us-east-1",
        created_at=None if days is None else NOW - timedelta(days=days),
    )


def superfluous(
    backups: list[Backup], *, keep: int | None, older_than: datetime | None
) -> list[Backup]:
    """The backups that go by these rules, the oldest first."""
    named = frozenset({"movies", "notes"})
    rules = Rules(last=keep, older_than=older_than, named_indexes=named)
    going = [each.backup for each in verdicts(backups, rules, now=NOW) if each.goes]
    return sorted(going, key=lambda each: str(each.created_at))


def ids(backups: list[Backup]) -> list[str]:
    return [each.backup_id for each in backups]


def test_newest_of_each_index_stay() -> None:
    given = [
        backup("m1", 1), backup("m3", 3), backup("m2", 2), backup("n9", 9, index="notes"),
    ]  # fmt: skip
    assert ids(superfluous(given, keep=1, older_than=None)) == ["m3", "m2"]


def test_failed_ones_do_not_count_as_kept() -> None:
    given = [backup("failed", 1, "InitializationFailed"), backup("good", 2), backup("old", 3)]
    assert ids(superfluous(given, keep=1, older_than=None)) == ["old"]


def test_failed_ones_go_once_a_newer_one_is_ready() -> None:
    given = [backup("good", 1), backup("failed", 2, "Failed")]
    assert ids(superfluous(given, keep=1, older_than=None)) == ["failed"]


def test_old_failed_ones_go_even_if_none_is_ready() -> None:
    given = [backup("failed", 40, "Failed")]
    assert ids(superfluous(given, keep=1, older_than=NOW - timedelta(days=30))) == ["failed"]


def test_what_is_being_made_stays_and_takes_no_place() -> None:
    given = [backup("making", 0, "Initializing"), backup("good", 1), backup("old", 2)]
    assert ids(superfluous(given, keep=1, older_than=None)) == ["old"]


def test_what_is_of_unknown_age_or_state_stays() -> None:
    given = [backup("new", 1), backup("undated", None), backup("odd", 50, "Thawing")]
    assert superfluous(given, keep=0, older_than=NOW - timedelta(days=30)) == []


def test_age_and_number_must_both_allow_it() -> None:
    given = [backup("a", 10), backup("b", 40), backup("c", 50)]
    assert ids(superfluous(given, keep=2, older_than=NOW - timedelta(days=30))) == ["c"]


def test_oldest_come_first() -> None:
    given = [backup("b", 2), backup("c", 3, index="notes"), backup("a", 1)]
    assert ids(superfluous(given, keep=0, older_than=None)) == ["c", "b", "a"]
