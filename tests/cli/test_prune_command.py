"""`backups prune`, as a process on the emulator."""

import re

import pytest

from pinecone_control import Pinecone
from pinecone_control.emulator import Emulator, Fault
from scripts.proofs.replay import Canned, replay
from tests.cli.backup_data import made_backup, made_index
from tests.cli.shell import Shell, eventually, interrupt, without_colours

pytestmark = pytest.mark.journey


@pytest.fixture
def speed() -> float:
    return 60


def aged(pc: Pinecone, emulator: Emulator, count: int = 4, name: str = "nightly-{}") -> list[str]:
    """Backups of `movies` made a day apart; the newest first."""
    ids: list[str] = []
    for number in range(count):
        emulator.clock.advance(86_400)
        ids.insert(0, made_backup(pc, "movies", name.format(number)))
    return ids


@pytest.mark.parametrize("text", ["6m", "6M", "1M", "1d 6m"])
@pytest.mark.parametrize("option", ["--older-than", "--keep-within"])
def test_prune_refuses_m_with_both_readings(
    shell: Shell, pc: Pinecone, movies: str, option: str, text: str
) -> None:
    ended = shell.run("backups", "prune", option, text, "--yes")
    assert ended.code == 2
    assert "min for minutes" in ended.err
    assert "mo for months" in ended.err
    assert [backup.backup_id for backup in pc.list_backups()] == [movies]


@pytest.mark.usefixtures("movies")
@pytest.mark.parametrize("text", ["11.10.2026", "10/11/2025", "01-02-03", "3/4", "10 Nov 26"])
def test_prune_refuses_a_date_that_can_be_read_in_two_ways(shell: Shell, text: str) -> None:
    ended = shell.run("backups", "prune", "--older-than", text, "--yes")
    assert ended.code == 2
    assert re.search(r"is ambiguous: \d{4}-\d\d-\d\d or \d{4}-\d\d-\d\d", ended.err)


@pytest.mark.usefixtures("movies")
@pytest.mark.parametrize(
    "text",
    ["6mo", "1y", "2 weeks ago", "5min", "5 min ago", "3 months ago", "27 h ago", "2025-10-11"],
)
def test_prune_shows_the_cut_off_that_it_uses(shell: Shell, text: str) -> None:
    ended = shell.run("backups", "prune", "--older-than", text, "--dry-run")
    assert ended.code == 0
    assert re.match(r"backups made before \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ ", ended.err)


@pytest.mark.usefixtures("movies")
def test_prune_by_name_leaves_copies_made_by_hand(
    shell: Shell, pc: Pinecone, emulator: Emulator, movies: str
) -> None:
    by_hand = made_backup(pc, "movies", "before-migration")
    ids = aged(pc, emulator)
    shell.run("backups", "prune", "--name", "nightly-*", "--keep-last", "2", "--yes")
    assert {backup.backup_id for backup in pc.list_backups()} == {movies, by_hand, *ids[:2]}


@pytest.mark.usefixtures("movies")
def test_prune_never_takes_what_is_held_by_its_name(
    shell: Shell, pc: Pinecone, emulator: Emulator
) -> None:
    held = made_backup(pc, "movies", "hold-release-1")
    aged(pc, emulator)
    shell.run("backups", "prune", "--keep-last", "1", "--older-than", "1min", "--yes")
    assert held in {backup.backup_id for backup in pc.list_backups()}


@pytest.mark.usefixtures("movies")
def test_prune_of_an_index_made_again_keeps_the_backup_of_the_earlier_one(
    shell: Shell, pc: Pinecone, emulator: Emulator, movies: str
) -> None:
    pc.delete_index("movies")
    pc.wait_for_index_deleted("movies")
    made_index(pc, "movies")
    ids = aged(pc, emulator, 3)
    shell.run("backups", "prune", "--keep", "1", "--yes")
    assert {backup.backup_id for backup in pc.list_backups()} == {movies, ids[0]}


@pytest.mark.usefixtures("movies")
def test_prune_for_a_program_writes_nothing_but_what_it_deletes(
    shell: Shell, pc: Pinecone, emulator: Emulator, movies: str
) -> None:
    ids = aged(pc, emulator, 2)
    ended = shell.run("backups", "prune", "--keep-last", "1", "--yes", "-o", "json")
    assert [each["backup_id"] for each in ended.json] == [movies, ids[1]]
    assert f"{movies}: deleted" in ended.err


@pytest.mark.usefixtures("movies")
def test_prune_shows_each_backup_with_its_reason(
    shell: Shell, pc: Pinecone, emulator: Emulator
) -> None:
    aged(pc, emulator, 2)
    heading, *rows = shell.run("backups", "prune", "--keep-daily", "1", "--dry-run").rows()
    assert heading == ["ID", "ACTION", "INDEX", "NAME", "CREATED", "REASON"]
    assert [(row[1], row[5]) for row in rows] == [
        ("keep", "daily 1"),
        ("delete", "kept by no rule"),
        ("delete", "kept by no rule"),
    ]
    shown = without_colours(
        shell.on_terminal("backups", "prune", "--keep-daily", "1", "--dry-run", width=80).out
    )
    assert "REASON" in shown
    assert "kept by no rule" in shown


@pytest.mark.usefixtures("movies")
@pytest.mark.parametrize("option", ["--keep-hourly", "--keep-daily", "--keep-yearly"])
def test_zero_periods_are_no_rule(
    shell: Shell, pc: Pinecone, emulator: Emulator, option: str
) -> None:
    aged(pc, emulator)
    ended = shell.run("backups", "prune", option, "0", "--yes")
    assert ended.code == 2
    assert "give a rule, such as --keep-last N or --older-than TIME" in ended.err
    assert len(pc.list_backups().data) == 5


@pytest.mark.usefixtures("movies")
def test_each_backup_that_could_not_be_deleted_is_named(
    shell: Shell, pc: Pinecone, emulator: Emulator
) -> None:
    *_, second, first = aged(pc, emulator)
    emulator.faults.add(Fault(operation="delete_backup", status=403, times=2))
    ended = shell.run("backups", "prune", "--name", "nightly-*", "--keep-last", "1", "--yes")
    assert ended.code == 1
    assert f"error: {first}: cannot delete backup: " in ended.err
    assert f"error: {second}: cannot delete backup: " in ended.err
    assert "error: 2 of 3 failed" in ended.err


@pytest.mark.usefixtures("movies")
@pytest.mark.parametrize("form", ["-q", "-ojsonl"])
def test_output_for_a_program_leaves_out_what_could_not_be_deleted(
    shell: Shell, pc: Pinecone, emulator: Emulator, form: str
) -> None:
    made = aged(pc, emulator)
    emulator.faults.add(Fault(operation="delete_backup", status=403))
    ended = shell.run("backups", "prune", "--name", "nightly-*", "--keep", "1", "--yes", form)
    gone = set(made) - {backup.backup_id for backup in pc.list_backups()}
    assert ended.code == 1
    assert len(gone) == 2
    assert {each for each in made if each in ended.out} == gone


@pytest.mark.usefixtures("movies")
def test_interrupted_prune_names_every_backup_that_it_may_have_deleted(
    shell: Shell, pc: Pinecone, emulator: Emulator
) -> None:
    oldest = aged(pc, emulator)[-1]
    emulator.faults.add(Fault(operation="delete_backup", latency=600))
    with shell.started(
        "backups", "prune", "--name", "nightly-*", "--keep", "1", "--yes"
    ) as process:
        eventually(lambda: len(pc.list_backups().data) == 4)
        ended = interrupt(process)
    assert ended.code == 130
    assert f"{oldest}: interrupted; the server may have received the request\n" in ended.err


@pytest.mark.usefixtures("movies")
def test_prune_by_two_values_of_one_tag_deletes_nothing(
    shell: Shell, pc: Pinecone, emulator: Emulator
) -> None:
    aged(pc, emulator)
    both = ("--tag", "team=other", "--tag", "team=search")
    assert shell.run("backups", "prune", *both, "--keep-last", "1", "--yes").code == 0
    assert len(pc.list_backups().data) == 5


def test_prune_deletes_nothing_if_the_listing_is_of_another_index(shell: Shell) -> None:
    place = {"source_index_id": "i", "status": "Ready", "cloud": "aws", "region": "us-east-1"}
    other = {"backup_id": "b", "source_index_name": "movies", **place}
    with replay(Canned(200, {"data": [other]})) as server:
        host = {"PINECONE_CONTROLLER_HOST": server.url}
        ended = shell.run("backups", "prune", "--index", "docs", "--keep", "0", "--yes", **host)
    assert ended.code == 1
    assert "the response is not about 'docs', but about 'movies'" in ended.err
    assert [seen.method for seen in server.seen] == ["GET"]


def test_prune_refuses_an_empty_name_as_an_unset_variable_gives(shell: Shell) -> None:
    ended = shell.run("backups", "prune", "--name", "", "--keep-last", "1", "--yes")
    assert ended.code == 2
    assert "'--name': the text is empty" in ended.err
