"""`backups check`, `rehearse`, `prune` and `restore --latest`, as processes on the emulator."""

import json
import re
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from xml.etree import ElementTree as ET

import pytest

from pinecone_control import Pinecone
from pinecone_control.emulator import Emulator, Fault
from tests.cli.shell import Shell, code_of, eventually, interrupt, without_colours

pytestmark = pytest.mark.journey

SERVERLESS = {"serverless": {"cloud": "aws", "region": "us-east-1"}}
REHEARSAL = "pinecone-control-rehearsal"


def made_index(pc: Pinecone, name: str, **settings: object) -> None:
    pc.create_index(name, spec=SERVERLESS, wait=True, **{"dimension": 8, **settings})  # type: ignore[arg-type]


def made_backup(pc: Pinecone, index: str, name: str | None = None) -> str:
    return pc.create_backup(index, name=name, wait=True).backup_id


def copies(pc: Pinecone) -> list[str]:
    """The indexes that a rehearsal has made."""
    return [index.name for index in pc.list_indexes() if REHEARSAL in dict(index.tags or {})]


@pytest.fixture
def speed() -> float:
    return 60


@pytest.fixture
def movies(pc: Pinecone) -> str:
    """An index with a failed backup that is newer than its ready one; the id of the ready one."""
    made_index(pc, "movies", tags={"team": "search"})
    return made_backup(pc, "movies", "nightly")


# ------------------------------------------------------------------------------------------ check


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


def test_check_counts_no_backup_of_an_earlier_index_of_the_name(
    shell: Shell, pc: Pinecone, movies: str
) -> None:
    pc.delete_index("movies")
    pc.wait_for_index_deleted("movies")
    made_index(pc, "movies", dimension=16)
    ended = shell.run("backups", "check", "movies", "--max-age", "26h")
    assert movies not in ended.out
    assert ended.code == 1


# --------------------------------------------------------------------------------------- rehearse


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
def test_ctrl_c_removes_the_copy(shell: Shell, pc: Pinecone, emulator: Emulator) -> None:
    emulator.plan("restore_job", seconds=900_000)
    with shell.started("backups", "rehearse", "movies") as process:
        eventually(lambda: copies(pc))
        ended = interrupt(process)
    assert ended.code == 130
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


# ---------------------------------------------------------------------- latest, short ids, names


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


# ------------------------------------------------------------------------------------------ prune


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


# ------------------------------------------------------------------------------- create for many


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


def test_create_that_is_dry_names_what_would_be_made(
    shell: Shell, pc: Pinecone, movies: str
) -> None:
    made_index(pc, "notes")
    words = ("--all-indexes", "--name", "nightly", "--resume", "--dry-run")
    ended = shell.run("backups", "create", *words)
    assert "notes: a backup named nightly would be created" in ended.err
    assert "movies: a backup" not in ended.err
    assert [backup.backup_id for backup in pc.list_backups()] == [movies]


# --------------------------------------------------------------- many indexes, a troubled service

COUNT = 200


@pytest.fixture
def patient(pc: Pinecone) -> Pinecone:
    """A client for whom emulated time may go as fast as it likes."""
    return pc.with_options(timeout=1e6, deadline=1e6)


@pytest.fixture
def many(patient: Pinecone, emulator: Emulator) -> dict[str, list[str]]:
    """Indexes with three ready backups each, made a day apart; the newest first."""
    names = [f"index-{number:03}" for number in range(COUNT)]
    for name in names:
        patient.create_index(name, spec=SERVERLESS, dimension=8)
    emulator.clock.advance(60)
    ids: dict[str, list[str]] = {name: [] for name in names}
    for day in range(3):
        for name in names:
            ids[name].insert(0, patient.create_backup(name, name=f"nightly-{day}").backup_id)
        emulator.clock.advance(86_400)
    return ids


def trouble(emulator: Emulator) -> None:
    """Refusals, failures and lost answers, on every kind of call."""
    for fault in (
        Fault(status=429, times=None, probability=0.02),
        Fault(status=503, times=None, probability=0.02),
        Fault(status=503, when="after", times=None, probability=0.01),
        Fault(drop=True, when="after", times=None, probability=0.01),
    ):
        emulator.faults.add(fault)


def until_done(shell: Shell, *words: str, codes: tuple[int, ...] = (0,)) -> int:
    """Run a command again until it succeeds; how often it took."""
    for attempt in range(1, 6):
        ended = shell.run(*words)
        if ended.code in codes:
            return attempt
    raise AssertionError(ended.err)


@pytest.mark.parametrize("speed", [600])
def test_pruning_many_in_trouble_deletes_nothing_that_a_rule_keeps(
    shell: Shell, patient: Pinecone, emulator: Emulator, many: dict[str, list[str]]
) -> None:
    trouble(emulator)
    words = ("backups", "prune", "--keep-last", "1", "--yes", "-q")
    with shell.started(*words) as process:
        eventually(
            lambda: sum(r.operation == "delete_backup" for r in list(emulator.requests)) > 60
        )
        ended = interrupt(process)
    assert ended.code == 130
    until_done(shell, *words)
    emulator.faults.clear()
    assert {b.backup_id for b in patient.list_backups()} == {ids[0] for ids in many.values()}


@pytest.mark.parametrize("speed", [600])
def test_prune_that_is_ended_at_random_moments_deletes_nothing_that_a_rule_keeps(
    shell: Shell, patient: Pinecone, emulator: Emulator, many: dict[str, list[str]]
) -> None:
    trouble(emulator)
    kept = {backup_id for ids in many.values() for backup_id in ids[:2]}
    words = ("backups", "prune", "--keep-daily", "2", "--yes", "-q")
    random, counts = Random(16), [3 * COUNT]
    for end in (signal.SIGKILL, signal.SIGINT, signal.SIGTERM) * 3:
        moment = len(emulator.requests) + random.randint(1, 40)
        with shell.started(*words) as process:
            eventually(lambda moment=moment: len(emulator.requests) >= moment)
            process.send_signal(end)
            process.communicate()
        left = {backup.backup_id for backup in patient.list_backups()}
        assert kept <= left
        counts.append(len(left))
    assert counts == sorted(counts, reverse=True)
    assert 2 * COUNT < counts[-1] < counts[0], "each run was ended in the midst of its work"
    until_done(shell, *words)
    assert {backup.backup_id for backup in patient.list_backups()} == kept


@pytest.mark.parametrize("speed", [600])
def test_checking_many_in_trouble_says_the_truth(
    shell: Shell, emulator: Emulator, many: dict[str, list[str]]
) -> None:
    trouble(emulator)
    old = timedelta(days=30).total_seconds()
    ended = shell.run("backups", "check", "--all-indexes", "--max-age", f"{old}s", "-o", "json")
    assert {each["index_name"]: each["backup_id"] for each in ended.json} == {
        name: ids[0] for name, ids in many.items()
    }
    assert ended.code == 0


@pytest.mark.parametrize("speed", [600])
def test_rehearsing_many_in_trouble_leaves_no_copy_behind(
    shell: Shell, patient: Pinecone, emulator: Emulator, many: dict[str, list[str]]
) -> None:
    trouble(emulator)
    words = ("backups", "rehearse", "--all-indexes", "--concurrency", "8", "-o", "json")
    with shell.started(*words) as process:
        eventually(lambda: len(copies(patient)) > 4)
        ended = interrupt(process)
    assert ended.code == 130
    emulator.faults.clear()
    assert copies(patient) == []
    trouble(emulator)
    ended = shell.run(*words)
    report = json.loads(ended.out)
    emulator.faults.clear()
    assert copies(patient) == []
    assert {each["index_name"] for each in report} == set(many)
    passed = sum(each["succeeded"] for each in report)
    assert passed >= 0.95 * COUNT
    assert f"200 rehearsed: {passed} passed, {COUNT - passed} failed" in ended.err


def test_asking_for_removal_on_a_terminal(shell: Shell, pc: Pinecone) -> None:
    long_ago = f"{datetime.now(UTC) - timedelta(days=2):%Y%m%dT%H%M%SZ}"
    made_index(pc, "movies")
    made_backup(pc, "movies")
    made_index(pc, "rehearsal-old", tags={REHEARSAL: long_ago})
    with shell.terminal("backups", "rehearse", "movies") as child:
        child.expect(r"Delete rehearsal-old\? \[y/N\]")
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
