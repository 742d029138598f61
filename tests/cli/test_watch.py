"""`pinecone-control restore-jobs watch`."""

import json

import pytest

from pinecone_control.emulator import Emulator, Fault
from tests.cli.shell import Shell, code_of, interrupt

pytestmark = pytest.mark.journey


@pytest.fixture
def speed() -> float:
    return 0


@pytest.fixture(autouse=True)
def _sample(emulator: Emulator) -> None:
    emulator.seed("demo", restore_jobs=4)


def test_terminal_shows_a_table_that_changes(shell: Shell, emulator: Emulator) -> None:
    with shell.terminal("restore-jobs", "watch", "--interval", "0.1") as child:
        child.expect("movies-restored +4")
        emulator.clock.advance(3)
        child.expect("movies-restored +7")
        emulator.clock.advance(3)
        child.expect("Completed.* +movies-restored +100 %")
        child.sendintr()
        assert code_of(child) == 130


def test_pipe_gets_a_line_for_each_change(shell: Shell, emulator: Emulator) -> None:
    words = ("restore-jobs", "watch", "--interval", "0.05", "--index", "movies-restored")
    with shell.started(*words) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        emulator.clock.advance(6)
        second = process.stdout.readline()
        ended = interrupt(process)
    assert "Pending" in first
    assert "Completed" in second
    assert ended.out == ""
    assert ended.code == 130


def test_passing_trouble_is_told_and_borne(shell: Shell, emulator: Emulator) -> None:
    words = ("restore-jobs", "watch", "--interval", "0.05", "--deadline", "0.5")
    with shell.started(*words) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        emulator.faults.add(Fault(status=503, times=None))
        assert "503" in process.stderr.readline()


def test_refusal_ends_it(shell: Shell, emulator: Emulator) -> None:
    emulator.faults.add(Fault(status=403))
    assert shell.run("restore-jobs", "watch").code == 1


def test_status_that_no_job_has_is_refused(shell: Shell) -> None:
    with shell.started("restore-jobs", "watch", "--status", "Faild") as process:
        assert process.stderr is not None
        assert "(did you mean Failed?)" in process.stderr.readline()


@pytest.mark.parametrize("noun", ["restore-jobs", "backups"])
@pytest.mark.parametrize("form", ["table", "wide", "jsonl", "yaml"])
def test_index_that_there_is_not_is_refused_with_the_one_that_is_meant(
    shell: Shell, noun: str, form: str
) -> None:
    ended = shell.run(noun, "list", "--watch", "--index", "moveis", "-o", form)
    assert ended.code == 1
    assert ended.out == ""
    assert "no index named 'moveis' (did you mean movies?)" in ended.err


def test_watched_columns_are_those_asked_for(shell: Shell) -> None:
    words = ("indexes", "list", "--watch", "--columns", "name,spec.serverless.cloud")
    with shell.terminal(*words, "--interval", "0.1") as child:
        child.expect("NAME +SPEC.SERVERLESS.CLOUD")
        child.send("q")
        assert code_of(child) == 0


@pytest.mark.parametrize("form", ["json", "csv", "spreadsheet"])
def test_form_that_has_no_end_is_refused(shell: Shell, form: str) -> None:
    ended = shell.run("indexes", "list", "--watch", "-o", form)
    assert ended.code == 2
    assert "--watch works only with tables, jsonl, yaml and -q" in ended.err


@pytest.mark.parametrize(
    "words", [("indexes", "list"), ("backups", "list"), ("collections", "list")], ids=" ".join
)
def test_every_list_can_be_watched_until_q(shell: Shell, words: tuple[str, ...]) -> None:
    with shell.terminal(*words, "--watch", "--interval", "0.1") as child:
        child.expect("press q to quit")
        child.send("q")
        assert code_of(child) == 0


def test_json_lines_have_an_object_for_each_change(shell: Shell, emulator: Emulator) -> None:
    words = ("list", "--watch", "--interval", "0.05", "-o", "jsonl", "--index", "movies-restored")
    with shell.started("restore-jobs", *words) as process:
        assert process.stdout is not None
        first = json.loads(process.stdout.readline())
        emulator.clock.advance(6)
        second = json.loads(process.stdout.readline())
        interrupt(process)
    assert (first["status"], second["status"]) == ("Pending", "Completed")


def test_watch_goes_through_all_pages(shell: Shell, emulator: Emulator) -> None:
    emulator.seed("demo", restore_jobs=240)
    with shell.started("restore-jobs", "list", "--watch", "-q", "--interval", "60s") as process:
        assert process.stdout is not None
        ids = {process.stdout.readline().strip() for _ in range(240)}
        interrupt(process)
    assert len(ids) == 240
    assert all(len(given) == 36 for given in ids)
