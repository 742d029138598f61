"""`backups check`, as a process on the emulator."""

import re
from datetime import timedelta

import pytest

from pinecone_control import Pinecone
from pinecone_control._core.backup_freshness import BackupFreshness
from pinecone_control.cli.commands.backups.check import _prometheus
from pinecone_control.emulator import Emulator, Fault
from tests.cli.backup_data import made_index
from tests.cli.shell import Shell

pytestmark = pytest.mark.journey


@pytest.fixture
def speed() -> float:
    return 60


def test_check_is_code_0_with_a_line_for_each_index(shell: Shell, movies: str) -> None:
    ended = shell.run("backups", "check", "movies", "--max-age", "26h")
    assert ended.code == 0
    (line,) = ended.lines
    assert re.match(rf"movies  fresh: {movies} \(nightly\), \d+ \w+ old, 1 ready", line)


def test_check_is_code_1_where_a_backup_is_too_old_missing_or_too_few(
    shell: Shell, pc: Pinecone, movies: str
) -> None:
    made_index(pc, "notes")
    ended = shell.run("backups", "check", "--all-indexes", "--max-age", "26h")
    assert ended.code == 1
    assert [re.split(" {2,}", line)[1][:15] for line in ended.lines] == [
        f"fresh: {movies[:8]}",
        "no ready backup",
    ]
    assert shell.run("backups", "check", "movies", "--max-age", "26h", "--min-count", "2").code == 1


@pytest.mark.usefixtures("movies")
def test_check_of_a_mistyped_index_is_an_error_and_offers_the_right_one(shell: Shell) -> None:
    ended = shell.run("backups", "check", "moveis", "--max-age", "26h")
    assert ended.code == 1
    assert ended.out == ""
    assert "no index named 'moveis' (did you mean movies?)" in ended.err


@pytest.mark.usefixtures("movies")
def test_check_counts_ages_in_emulated_time(shell: Shell, emulator: Emulator) -> None:
    emulator.clock.advance(27 * 3600)
    ended = shell.run("backups", "check", "movies", "--max-age", "26h")
    assert ended.code == 1
    assert "movies  too old: " in ended.out


def test_check_as_json_has_what_a_program_needs(shell: Shell, movies: str) -> None:
    (report,) = shell.run("backups", "check", "movies", "--max-age", "26h", "-o", "json").json
    assert report["backup_id"] == movies
    assert report["is_fresh"] is True
    assert report["ready_count"] == 1


@pytest.mark.usefixtures("movies")
def test_check_for_prometheus_is_a_textfile_of_metrics(
    shell: Shell, pc: Pinecone, emulator: Emulator
) -> None:
    emulator.plan("backup", outcome="InitializationFailed", seconds=0.01)
    pc.create_backup("movies")
    emulator.clock.advance(1)
    ended = shell.run("backups", "check", "movies", "--max-age", "26h", "--format", "prometheus")
    samples = dict(line.rsplit(" ", 1) for line in ended.lines if not line.startswith("#"))
    assert samples['pinecone_backup_ready_count{index="movies"}'] == "1"
    assert samples['pinecone_backup_fresh{index="movies"}'] == "1"
    assert float(samples['pinecone_backup_last_failed_timestamp_seconds{index="movies"}']) > 0
    assert all(re.fullmatch(r"# (HELP|TYPE) .*|\S+\{.*\} -?[\d.e+]+", line) for line in ended.lines)


@pytest.mark.usefixtures("movies")
def test_check_for_nagios_is_one_line_and_its_codes(shell: Shell, emulator: Emulator) -> None:
    words = ("backups", "check", "movies", "--format", "nagios", "--max-age")
    good = shell.run(*words, "26h")
    assert (good.code, good.out[:44]) == (0, "PINECONE BACKUPS OK - fresh backups of 1 ind")
    emulator.clock.advance(3)
    emulator.faults.add(Fault(status=403, times=None))
    unknown = shell.run(*words, "26h")
    assert unknown.code == 3
    assert unknown.out.startswith("PINECONE BACKUPS UNKNOWN - cannot list indexes: ")
    assert shell.run(*words, "26h", "--min-count", "9").code == 3


@pytest.mark.parametrize(
    "words",
    [
        *(("--format", "nagios"), ("movies", "-onagios", "--max-age", "soon")),
        ("movies", "--format=nagios", "--max-age", "26h", "--exclude", "test-*"),
    ],
)
def test_wrong_usage_is_unknown_for_nagios(shell: Shell, words: tuple[str, ...]) -> None:
    ended = shell.run("backups", "check", *words)
    assert ended.code == 3
    assert re.fullmatch("PINECONE BACKUPS UNKNOWN - .+\n", ended.out)
    assert ended.err == ""


def test_check_counts_no_backup_of_an_earlier_index_of_the_name(
    shell: Shell, pc: Pinecone, movies: str
) -> None:
    pc.delete_index("movies")
    pc.wait_for_index_deleted("movies")
    made_index(pc, "movies", dimension=16)
    ended = shell.run("backups", "check", "movies", "--max-age", "26h")
    assert movies not in ended.out
    assert ended.code == 1


def test_text_of_the_server_adds_no_performance_data_for_nagios(
    shell: Shell, emulator: Emulator
) -> None:
    emulator.faults.add(Fault(status=401, body="no | 'movies'=0s"))
    ended = shell.run("backups", "check", "movies", "--max-age", "1h", "--format", "nagios")
    assert ended.code == 3
    assert "no / 'movies'=0s" in ended.out


def test_label_of_a_metric_is_escaped() -> None:
    freshness = BackupFreshness(
        index_name='mo"vi\\es',
        latest=None,
        age=None,
        count=2,
        last_failed=None,
        max_age=timedelta(hours=1),
    )
    text = _prometheus([freshness])
    assert 'pinecone_backup_ready_count{index="mo\\"vi\\\\es"} 2' in text.splitlines()
