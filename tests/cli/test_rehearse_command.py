"""`backups rehearse`, as a process on the emulator."""

import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from pinecone_control import Pinecone
from pinecone_control.cli.rehearsal import Rehearsed, as_junit
from pinecone_control.cli.rehearsal_copies import copy_name, is_rehearsal_copy
from pinecone_control.emulator import Emulator
from tests.cli.backup_data import REHEARSAL, copies, made_backup, made_index
from tests.cli.shell import Shell, code_of, eventually, interrupt, without_colours

pytestmark = pytest.mark.journey


@pytest.fixture
def speed() -> float:
    return 60


def test_rehearsal_restores_compares_and_removes_the_copy(
    shell: Shell, pc: Pinecone, movies: str
) -> None:
    ended = shell.run("backups", "rehearse", "movies", "-o", "json")
    (report,) = ended.json
    assert ended.code == 0
    assert (report["backup_id"], report["succeeded"]) == (movies, True)
    assert set(report["seconds"]) == {"create", "restore", "compare", "remove"}
    assert report["not_compared"] == ["record count"]
    assert [index.name for index in pc.list_indexes()] == ["movies"]


@pytest.mark.usefixtures("movies")
def test_rehearsal_as_junit_has_a_case_for_each_index(
    shell: Shell, pc: Pinecone, tmp_path: Path
) -> None:
    made_index(pc, "notes")
    report = tmp_path / "report.xml"
    ended = shell.run("backups", "rehearse", "--all-indexes", "--junit", str(report))
    cases = ET.parse(report).getroot().findall("testcase")
    assert {case.get("name"): len(case.findall("failure")) for case in cases} == {
        "movies": 0,
        "notes": 1,
    }
    assert "no ready backup" in ended.out
    assert ended.code == 4


def test_junit_report_is_xml_whatever_the_server_says() -> None:
    failed = Rehearsed(
        "movies", None, "copy", problems=["metric: <cos\x01ine\ufffe> instead of dot"]
    )
    failure = ET.fromstring(as_junit([failed])).find("testcase/failure")
    assert failure is not None
    assert failure.get("message") == "metric: <cos\ufffdine\ufffd> instead of dot"


@pytest.mark.usefixtures("movies")
def test_backup_that_cannot_be_restored_is_code_4_and_leaves_no_copy(
    shell: Shell, pc: Pinecone, emulator: Emulator
) -> None:
    emulator.plan("restore_job", outcome="Failed", seconds=1)
    ended = shell.run("backups", "rehearse", "movies")
    assert ended.code == 4
    assert "movies  failed" in ended.out
    assert copies(pc) == []


@pytest.mark.usefixtures("movies")
def test_rehearsal_on_a_terminal_shows_its_progress(shell: Shell) -> None:
    shown = shell.on_terminal("backups", "rehearse", "movies")
    assert shown.code == 0
    assert "movies  passed" in without_colours(shown.out)
    assert "not compared: record count" in without_colours(shown.out)


@pytest.mark.usefixtures("movies")
@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_interrupted_rehearsal_removes_the_copy(
    shell: Shell, pc: Pinecone, emulator: Emulator, sent: signal.Signals, code: int
) -> None:
    emulator.plan("restore_job", seconds=900_000)
    with shell.started("backups", "rehearse", "movies") as process:
        eventually(lambda: copies(pc))
        ended = interrupt(process, sent)
    assert ended.code == code
    assert copies(pc) == []


@pytest.mark.usefixtures("movies")
def test_copy_that_somebody_protected_is_named_with_the_command_that_removes_it(
    shell: Shell, pc: Pinecone, emulator: Emulator
) -> None:
    emulator.plan("restore_job", seconds=900_000)
    with shell.started("backups", "rehearse", "movies") as process:
        eventually(lambda: copies(pc))
        (copy,) = copies(pc)
        pc.configure_index(copy, deletion_protection="enabled")
        ended = interrupt(process)
    assert ended.code == 130
    assert f"pinecone-control indexes delete {copy}" in ended.err
    assert copies(pc) == [copy]


@pytest.mark.usefixtures("movies")
def test_leftover_of_a_killed_rehearsal_is_found_and_removed_at_the_next(
    shell: Shell, pc: Pinecone, emulator: Emulator
) -> None:
    emulator.plan("restore_job", seconds=900_000)
    with shell.started("backups", "rehearse", "movies", "--timeout", "1s") as process:
        eventually(lambda: copies(pc))
        process.kill()
        process.wait()
    (left,) = copies(pc)
    until = dict(pc.describe_index(left).tags or {})[REHEARSAL]
    eventually(lambda: f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}" > until)
    named = shell.run("backups", "rehearse", "movies", "--timeout", "0.1s", "--dry-run")
    assert f"pinecone-control indexes delete {left}" in named.err
    assert copies(pc) == [left]
    words = ("backups", "rehearse", "movies", "--timeout", "1s", "--remove-leftovers", "--yes")
    removed = shell.run(*words)
    assert f"{left}: deleted" in removed.err
    assert copies(pc) == []


def test_rehearsal_that_is_dry_changes_nothing(
    shell: Shell, emulator: Emulator, movies: str
) -> None:
    ended = shell.run("backups", "rehearse", "movies", "--dry-run")
    assert f"movies: {movies} would be restored into rehearsal-movies-" in ended.out
    assert {request.method for request in emulator.requests[-3:]} == {"GET"}


def test_asking_for_removal_on_a_terminal(shell: Shell, pc: Pinecone) -> None:
    long_ago = f"{datetime.now(UTC) - timedelta(days=2):%Y%m%dT%H%M%SZ}"
    made_index(pc, "movies")
    made_backup(pc, "movies")
    made_index(pc, "rehearsal-movies-0123abcd", tags={REHEARSAL: long_ago})
    with shell.terminal("backups", "rehearse", "movies") as child:
        child.expect(r"Delete rehearsal-movies-0123abcd\? \[y/N\]")
        child.sendline("y")
        assert code_of(child) == 0
    assert copies(pc) == []


@pytest.mark.usefixtures("movies")
def test_report_in_no_folder_is_refused_before_anything_is_restored(
    shell: Shell, pc: Pinecone
) -> None:
    ended = shell.run("backups", "rehearse", "movies", "--junit", "nowhere/report.xml")
    assert ended.code == 2
    assert "cannot write nowhere/report.xml: there is no folder nowhere" in ended.err
    assert list(pc.list_restore_jobs()) == []


@pytest.mark.usefixtures("movies")
def test_report_is_on_stdout_even_if_its_file_cannot_be_written(shell: Shell) -> None:
    ended = shell.run("backups", "rehearse", "movies", "--junit", "/dev/full")
    assert ended.code == 1
    assert ended.out.startswith("movies  passed")
    assert "error: cannot write /dev/full: No space left on device" in ended.err


@pytest.mark.usefixtures("movies")
def test_folder_as_report_file_is_refused_before_anything_is_restored(
    shell: Shell, pc: Pinecone, tmp_path: Path
) -> None:
    ended = shell.run("backups", "rehearse", "movies", "--junit", str(tmp_path))
    assert ended.code == 2
    assert f"cannot write {tmp_path}: it is a folder" in ended.err
    assert list(pc.list_restore_jobs()) == []


def test_index_restored_from_a_backup_of_a_copy_is_no_leftover(shell: Shell, pc: Pinecone) -> None:
    made_index(pc, "movies")
    made_backup(pc, "movies")
    made_index(pc, "movies-rescued", tags={REHEARSAL: "20250101T000000Z"})
    words = ("backups", "rehearse", "movies", "--remove-leftovers", "--yes")
    assert shell.run(*words).code == 0
    assert pc.has_index("movies-rescued")
    listed = shell.run("backups", "check", "--all-indexes", "--max-age", "1d")
    assert "movies-rescued  no ready backup" in listed.out


def test_rehearsal_that_is_dry_fails_for_an_index_without_a_ready_backup(
    shell: Shell, pc: Pinecone
) -> None:
    made_index(pc, "movies")
    ended = shell.run("backups", "rehearse", "movies", "--dry-run")
    assert ended.out == "movies: no ready backup\n"
    assert ended.code == 4


def test_name_of_a_copy_is_recognized(pc: Pinecone) -> None:
    made_index(pc, copy_name("movies-" * 6), tags={REHEARSAL: "20250101T000000Z"})
    (index,) = pc.list_indexes()
    assert is_rehearsal_copy(index)
