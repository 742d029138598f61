"""Short ids, unique names, aliases and suggestions: what people type first."""

import pytest

from pinecone_control import Pinecone
from pinecone_control.emulator import Emulator
from tests.cli.backup_data import made_backup, made_index
from tests.cli.shell import Shell, without_colours

pytestmark = pytest.mark.journey


@pytest.fixture
def speed() -> float:
    return 60


def test_latest_takes_the_newest_ready_backup_whatever_the_order(
    shell: Shell, pc: Pinecone, emulator: Emulator, movies: str
) -> None:
    emulator.clock.advance(60)
    newest = made_backup(pc, "movies")
    emulator.clock.advance(60)
    emulator.plan("backup", outcome="InitializationFailed", seconds=0.01)
    pc.create_backup("movies")
    emulator.clock.advance(60)
    words = ("backups", "restore", "--latest", "movies", "--name", "copy", "-o", "json")
    ended = shell.run(*words)
    job = pc.describe_restore_job(ended.json["restore_job_id"])
    assert job.backup_id == newest != movies


def test_latest_of_an_index_without_a_ready_backup_is_an_error(shell: Shell, pc: Pinecone) -> None:
    made_index(pc, "notes")
    ended = shell.run("backups", "restore", "--latest", "notes", "--name", "copy")
    assert ended.code == 1
    assert "no ready backup" in ended.err


@pytest.mark.parametrize("length", [4, 8, 20, 36])
def test_start_of_an_id_is_enough(shell: Shell, movies: str, length: int) -> None:
    assert shell.run("backups", "describe", movies[:length], "-q").lines == [movies]


def test_name_that_one_backup_has_is_enough(shell: Shell, movies: str) -> None:
    assert shell.run("backups", "describe", "nightly", "-q").lines == [movies]


def test_name_of_several_is_refused_with_the_candidates(
    shell: Shell, pc: Pinecone, movies: str
) -> None:
    other = made_backup(pc, "movies", "nightly")
    ended = shell.run("backups", "delete", "nightly", "--yes")
    assert ended.code == 2
    assert movies[:8] in ended.err
    assert other[:8] in ended.err
    assert len(list(pc.list_backups())) == 2


@pytest.mark.usefixtures("movies")
def test_index_named_instead_of_a_backup_leads_to_its_backups(shell: Shell) -> None:
    ended = shell.run("backups", "restore", "movies", "--name", "copy")
    assert ended.code == 1
    assert "no backup with the id or name 'movies'" in ended.err
    assert "pinecone-control backups list --index movies" in ended.err


def test_terminal_shows_starts_of_ids_and_wide_shows_all(shell: Shell, movies: str) -> None:
    shown = without_colours(shell.on_terminal("backups", "list", width=80).out)
    assert movies[:8] in shown
    assert movies not in shown
    assert "nightly" in shown
    assert movies in shell.on_terminal("backups", "list", "-o", "wide", width=80).out


@pytest.mark.usefixtures("movies")
@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("backup ls -q", "backups list -q"),
        ("index get movies -o json", "indexes describe movies -o json"),
        ("jobs ls -o json", "restore-jobs list -o json"),
        ("help backups prune", "backups prune --help"),
        ("help backup rm", "backups delete --help"),
        ("whoami --help", "whoami --help"),
    ],
)
def test_words_that_people_type_first_work(shell: Shell, typed: str, meant: str) -> None:
    assert shell.run(*typed.split()).out == shell.run(*meant.split()).out


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("backps list", "'backups'?"),
        ("backups lisst", "Did you mean 'list'?"),
        ("restore --latest movies", "Did you mean 'backups restore'?"),
        ("get indexes", "Did you mean 'indexes get'?"),
        ("backups list --colums name", "--columns"),
        ("help backups lisst", "Did you mean 'list'?"),
        ("indexes create x --metric cosin", "'cosine', 'dotproduct', 'euclidean'"),
        ("backups list --columns sttus", "did you mean status?"),
        ("backups list --host localhost:5080", "Did you mean http://localhost:5080?"),
    ],
)
def test_what_is_mistyped_is_offered_right(shell: Shell, typed: str, offered: str) -> None:
    ended = shell.run(*typed.split())
    assert ended.code == 2
    assert offered in ended.err
