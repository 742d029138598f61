"""`backups create` for many indexes, as a process on the emulator."""

import pytest

from pinecone_control import Pinecone
from tests.cli.backup_data import made_backup, made_index
from tests.cli.shell import Shell, code_of

pytestmark = pytest.mark.journey


@pytest.fixture
def speed() -> float:
    return 60


def test_resume_makes_a_backup_of_an_index_that_was_made_again(
    shell: Shell, pc: Pinecone, movies: str
) -> None:
    pc.delete_index("movies")
    pc.wait_for_index_deleted("movies")
    made_index(pc, "movies", dimension=16)
    ended = shell.run("backups", "create", "movies", "--name", "nightly", "--resume", "-q")
    assert ended.code == 0
    assert ended.lines != [movies]
    assert len(list(pc.list_backups())) == 2


def test_all_indexes_can_be_narrowed(shell: Shell, pc: Pinecone) -> None:
    for name, team in (("movies", "a"), ("notes", "a"), ("test-1", "a"), ("other", "b")):
        made_index(pc, name, tags={"team": team})
    backup = made_backup(pc, "movies")
    pc.create_index_from_backup(backup, name="restored", wait=True)
    narrowed = ("--exclude", "test-*", "--with-tag", "team=a", "--without-restored")
    ended = shell.run("backups", "create", "--all-indexes", *narrowed, "--name", "n")
    assert {b.source_index_name for b in pc.list_backups() if b.name == "n"} == {"movies", "notes"}
    assert "test-1: left out, excluded by the pattern test-*" in ended.err
    assert "restored: left out, a restore created it" in ended.err
    assert "other: left out, it has no tag team=a" in ended.err


def test_each_value_of_a_tag_leaves_its_indexes_out(shell: Shell, pc: Pinecone) -> None:
    for name in ("dev", "test", "live"):
        made_index(pc, name, tags={"stage": name})
    narrowed = ("--without-tag", "stage=dev", "--without-tag", "stage=test")
    shell.run("backups", "create", "--all-indexes", *narrowed, "--name", "n")
    assert [backup.source_index_name for backup in pc.list_backups()] == ["live"]


def test_create_that_is_dry_names_what_would_be_made(
    shell: Shell, pc: Pinecone, movies: str
) -> None:
    made_index(pc, "notes")
    words = ("--all-indexes", "--name", "nightly", "--resume", "--dry-run")
    ended = shell.run("backups", "create", *words)
    assert "notes: a backup named nightly would be created" in ended.err
    assert "movies: a backup" not in ended.err
    assert [backup.backup_id for backup in pc.list_backups()] == [movies]


@pytest.mark.usefixtures("movies")
def test_many_backups_are_counted_in_one_bar(shell: Shell) -> None:
    with shell.terminal("backups", "create", "--all-indexes", "--name", "weekly") as child:
        child.expect("done .* of 1")
        assert code_of(child) == 0


@pytest.mark.usefixtures("movies")
@pytest.mark.parametrize("more", [(), ("--resume",)], ids=["", "resume"])
def test_empty_name_is_refused(shell: Shell, pc: Pinecone, more: tuple[str, ...]) -> None:
    ended = shell.run("backups", "create", "--all-indexes", "--name", "", *more)
    assert ended.code == 2
    assert "--name is empty" in ended.err
    assert len(pc.list_backups().data) == 1
