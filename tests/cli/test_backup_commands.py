"""`pinecone-control backups`, on the emulator."""

from collections import Counter

import pytest

from pinecone_control import Pinecone
from pinecone_control.emulator import Emulator, Fault
from tests.cli.shell import Ended, Shell, code_of, eventually, interrupt, press_ctrl_c

SERVERLESS = {"serverless": {"cloud": "aws", "region": "us-east-1"}}


def made_index(pc: Pinecone, name: str) -> None:
    pc.create_index(name, spec=SERVERLESS, dimension=8, wait=True)


def made_backup(pc: Pinecone, index: str, name: str | None = None) -> str:
    """A ready backup; its id."""
    return pc.create_backup(index, name=name, wait=True).backup_id


@pytest.fixture
def indexes(pc: Pinecone) -> list[str]:
    names = ["alpha", "beta", "gamma"]
    for name in names:
        made_index(pc, name)
    return names


def per_index(pc: Pinecone, name: str | None = None) -> Counter[str]:
    """How many backups each index has; of one name, if one is given."""
    return Counter(
        backup.source_index_name
        for backup in pc.list_backups()
        if name is None or backup.name == name
    )


# --------------------------------------------------------------------------- list and describe


@pytest.mark.usefixtures("indexes")
def test_list_shows_a_table(shell: Shell, pc: Pinecone) -> None:
    backup_id = made_backup(pc, "alpha", name="first")
    heading, row = shell.run("backups", "list").rows()
    assert heading == ["ID", "STATUS", "INDEX", "NAME", "RECORDS", "SIZE", "CREATED"]
    assert row[:4] == [backup_id, "Ready", "alpha", "first"]


@pytest.mark.usefixtures("indexes")
def test_list_of_an_index_has_its_backups_alone(shell: Shell, pc: Pinecone) -> None:
    made_backup(pc, "alpha")
    wanted = made_backup(pc, "beta")
    assert shell.run("backups", "list", "--index", "beta", "-q").lines == [wanted]


@pytest.mark.usefixtures("indexes")
def test_describe_as_json_is_the_wire_form(shell: Shell, pc: Pinecone) -> None:
    backup_id = made_backup(pc, "alpha")
    ended = shell.run("backups", "describe", backup_id, "-o", "json")
    assert ended.json == pc.describe_backup(backup_id).to_dict()


# ------------------------------------------------------------------------------ create for one


@pytest.mark.usefixtures("indexes")
def test_create_makes_one_backup_and_shows_it(shell: Shell, pc: Pinecone) -> None:
    ended = shell.run("backups", "create", "alpha", "--name", "first", "-o", "json")
    (backup,) = ended.json
    assert (backup["source_index_name"], backup["name"]) == ("alpha", "first")
    assert per_index(pc) == {"alpha": 1}
    assert ended.code == 0


@pytest.mark.usefixtures("indexes")
def test_create_and_wait_returns_a_ready_backup(shell: Shell) -> None:
    ended = shell.run("backups", "create", "alpha", "--wait", "-o", "json")
    assert [backup["status"] for backup in ended.json] == ["Ready"]


@pytest.mark.usefixtures("indexes")
def test_create_of_a_backup_that_fails_is_code_4_with_wait(
    shell: Shell, emulator: Emulator
) -> None:
    emulator.plan("backup", outcome="InitializationFailed")
    ended = shell.run("backups", "create", "alpha", "--wait", "-o", "json")
    assert [backup["status"] for backup in ended.json] == ["InitializationFailed"]
    assert ended.code == 4


@pytest.mark.usefixtures("indexes")
def test_create_for_no_such_index_is_code_1(shell: Shell) -> None:
    ended = shell.run("backups", "create", "nobody")
    assert ended.code == 1
    assert len(ended.err.splitlines()) == 2


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.usefixtures("indexes")
def test_create_whose_answer_is_lost_makes_exactly_one_backup(
    shell: Shell, pc: Pinecone, emulator: Emulator, when: str
) -> None:
    emulator.faults.add(Fault(operation="create_backup", drop=True, when=when))  # type: ignore[arg-type]
    ended = shell.run("backups", "create", "alpha", "-q")
    assert ended.code == 0
    assert ended.lines == [backup.backup_id for backup in pc.list_backups()]


@pytest.mark.usefixtures("indexes")
def test_create_twice_under_one_name_is_refused(shell: Shell, pc: Pinecone) -> None:
    shell.run("backups", "create", "alpha", "--name", "first")
    ended = shell.run("backups", "create", "alpha", "--name", "first")
    assert ended.code == 2
    assert "--resume" in ended.err
    assert per_index(pc) == {"alpha": 1}


@pytest.mark.parametrize(
    "words", [(), ("alpha", "--all-indexes"), ("alpha", "--resume")], ids=["none", "both", "name"]
)
def test_create_without_knowing_of_what_is_code_2(shell: Shell, words: tuple[str, ...]) -> None:
    assert shell.run("backups", "create", *words).code == 2


# ----------------------------------------------------------------------------- create for all


def test_all_indexes_get_one_backup_each_and_pods_are_left_out(
    shell: Shell, pc: Pinecone, indexes: list[str]
) -> None:
    pod = {"pod": {"environment": "us-east-1-aws", "pod_type": "p1.x1"}}
    pc.create_index("pods", spec=pod, dimension=8)
    ended = shell.run("backups", "create", "--all-indexes")
    assert per_index(pc) == dict.fromkeys(indexes, 1)
    assert "pods: left out, it is a pod index" in ended.err
    assert "4 indexes: 3 created, 1 left out" in ended.err
    assert ended.code == 0


def test_all_indexes_leaves_out_what_failed_to_be_made(
    shell: Shell, pc: Pinecone, emulator: Emulator, indexes: list[str]
) -> None:
    emulator.plan("index", outcome="InitializationFailed", seconds=0.01)
    pc.create_index("broken", spec=SERVERLESS, dimension=8)
    emulator.clock.advance(1)
    ended = shell.run("backups", "create", "--all-indexes")
    assert per_index(pc) == dict.fromkeys(indexes, 1)
    assert "broken: left out, its status is InitializationFailed" in ended.err
    assert ended.code == 0


@pytest.mark.usefixtures("indexes")
def test_index_that_is_refused_does_not_stop_the_others(
    shell: Shell, pc: Pinecone, emulator: Emulator
) -> None:
    emulator.faults.add(Fault(operation="create_backup", status=400))
    ended = shell.run("backups", "create", "--all-indexes")
    assert sum(per_index(pc).values()) == 2
    assert "2 created, 1 failed" in ended.err
    assert ended.code == 1


def test_resume_makes_what_is_missing(shell: Shell, pc: Pinecone, indexes: list[str]) -> None:
    shell.run("backups", "create", "beta", "--name", "nightly")
    words = ("backups", "create", "--all-indexes", "--name", "nightly", "--resume")
    ended = shell.run(*words)
    assert per_index(pc, "nightly") == dict.fromkeys(indexes, 1)
    assert "2 created, 1 already existed" in ended.err
    assert "3 already existed" in shell.run(*words).err
    assert per_index(pc, "nightly") == dict.fromkeys(indexes, 1)


@pytest.mark.usefixtures("indexes")
def test_resume_makes_a_failed_backup_anew(shell: Shell, pc: Pinecone, emulator: Emulator) -> None:
    emulator.plan("backup", outcome="InitializationFailed", seconds=0.01)
    words = ("backups", "create", "alpha", "--name", "nightly")
    shell.run(*words, "--wait")
    shell.run(*words, "--resume")
    assert sum(not backup.failed for backup in pc.list_backups()) == 1


def thousand_indexes(pc: Pinecone) -> list[str]:
    names = [f"index-{number:04}" for number in range(1000)]
    for name in names:
        pc.create_index(name, spec=SERVERLESS, dimension=8)
    return names


@pytest.mark.journey
def test_thousand_indexes_get_exactly_one_backup_each_from_a_troubled_service(
    shell: Shell, pc: Pinecone, emulator: Emulator
) -> None:
    names = thousand_indexes(pc)
    for fault in (
        Fault(operation="create_backup", status=429, times=None, probability=0.03),
        Fault(operation="create_backup", status=503, times=None, probability=0.02),
        Fault(operation="create_backup", status=503, when="after", times=15, probability=0.05),
        Fault(operation="create_backup", drop=True, when="after", times=15, probability=0.05),
    ):
        emulator.faults.add(fault)
    ended = shell.run("backups", "create", "--all-indexes", "--concurrency", "8", "-q")
    assert ended.err.splitlines()[-1] == "1,000 indexes: 1,000 created"
    assert ended.code == 0
    assert len(set(ended.lines)) == 1000
    assert per_index(pc) == dict.fromkeys(names, 1)


@pytest.mark.journey
def test_interrupted_run_of_a_thousand_is_completed_by_its_resume_command(
    shell: Shell, pc: Pinecone, emulator: Emulator
) -> None:
    names = thousand_indexes(pc)

    def half_way() -> bool:
        return sum(r.operation == "create_backup" for r in emulator.requests) > 400

    with shell.started("backups", "create", "--all-indexes", "-q") as process:
        eventually(half_way)
        ended = interrupt(process)
    assert ended.code == 130
    assert 400 <= len(list(pc.list_backups())) < 1000
    again = shell.script(ended.err.splitlines()[-2].strip())
    assert again.code == 0
    assert per_index(pc) == dict.fromkeys(names, 1)


def test_bar_on_a_terminal_counts_the_backups(shell: Shell, indexes: list[str]) -> None:
    shown = shell.on_terminal("backups", "create", "--all-indexes").out
    assert f"{len(indexes)} of {len(indexes)}" in shown


@pytest.mark.parametrize("speed", [0])
def test_wait_for_backups_that_runs_out_of_time_is_code_3_and_goes_on_by_its_command(
    shell: Shell, pc: Pinecone, emulator: Emulator
) -> None:
    pc.create_index("alpha", spec=SERVERLESS, dimension=8)
    emulator.clock.advance(10)
    ended = shell.run("backups", "create", "alpha", "--wait", "--timeout", "0.3")
    assert ended.code == 3
    assert "the wait reached its timeout of 0.3 s" in ended.err
    assert " --wait --timeout 0.3 " in ended.err.splitlines()[-1]
    emulator.clock.advance(10)
    assert shell.script(ended.err.splitlines()[-1].partition("again: ")[2]).code == 0
    assert per_index(pc) == {"alpha": 1}


def test_command_that_goes_on_asks_for_the_same(shell: Shell, indexes: list[str]) -> None:
    words = ("--description", "the last one", "--concurrency", "2", "--wait", "--timeout", "9m")
    ended = shell.run("backups", "create", *indexes, "--name", "n", *words)
    assert ended.err.splitlines()[1].strip() == (
        "pinecone-control backups create alpha beta gamma --name n "
        "--description 'the last one' --concurrency 2 --wait --timeout 9m --resume"
    )


def test_wait_for_no_backups_is_done_at_once(shell: Shell) -> None:
    ended = shell.run("backups", "wait")
    assert ended.code == 0
    assert ended.err == "nothing to wait for\n"


def test_killed_run_is_completed_by_its_resume_command(shell: Shell, pc: Pinecone) -> None:
    names = thousand_indexes(pc)[:200]

    with shell.started("backups", "create", *names, "-q") as process:
        assert process.stderr is not None
        process.stderr.readline()
        again = process.stderr.readline().strip()
        eventually(lambda: len(pc.list_backups(limit=60).data) == 60)
        process.kill()
        process.wait()
    ended: Ended = shell.script(again)
    assert ended.code == 0
    assert per_index(pc) == dict.fromkeys(names, 1)


# --------------------------------------------------------------------------------- restore


@pytest.mark.usefixtures("indexes")
def test_restore_shows_the_job_and_how_to_wait_for_it(shell: Shell, pc: Pinecone) -> None:
    backup_id = made_backup(pc, "alpha")
    ended = shell.run("backups", "restore", backup_id, "--name", "copy", "-o", "json")
    job_id = ended.json["restore_job_id"]
    assert pc.describe_restore_job(job_id).target_index_name == "copy"
    assert f"pinecone-control restore-jobs wait {job_id}" in ended.err


@pytest.mark.usefixtures("indexes")
def test_restore_and_wait_returns_when_the_index_is_ready(shell: Shell, pc: Pinecone) -> None:
    backup_id = made_backup(pc, "alpha")
    ended = shell.run("backups", "restore", backup_id, "--name", "copy", "--wait", "-o", "json")
    assert ended.json["status"] == "Completed"
    assert pc.describe_index("copy").is_ready


@pytest.mark.usefixtures("indexes")
def test_restore_whose_answer_is_lost_goes_on_with_the_job_that_began(
    shell: Shell, pc: Pinecone, emulator: Emulator
) -> None:
    backup_id = made_backup(pc, "alpha")
    emulator.faults.add(Fault(operation="create_index_from_backup", drop=True, when="after"))
    ended = shell.run("backups", "restore", backup_id, "--name", "copy", "--wait")
    assert ended.code == 0
    assert len(list(pc.list_restore_jobs())) == 1


@pytest.mark.usefixtures("indexes")
def test_restore_into_a_taken_name_is_code_1(shell: Shell, pc: Pinecone) -> None:
    backup_id = made_backup(pc, "alpha")
    assert shell.run("backups", "restore", backup_id, "--name", "beta").code == 1
    assert shell.run("backups", "restore", backup_id, "--name", "beta", "--resume").code == 1


@pytest.mark.usefixtures("indexes")
def test_restore_with_resume_goes_on_with_the_one_that_has_begun(
    shell: Shell, pc: Pinecone
) -> None:
    words = ("backups", "restore", made_backup(pc, "alpha"), "--name", "copy")
    begun = shell.run(*words, "-q").lines
    assert shell.run(*words, "--resume", "--wait", "-q").lines == begun


# ------------------------------------------------------------------------ prune and delete


@pytest.fixture
def aged(pc: Pinecone, emulator: Emulator, indexes: list[str]) -> list[str]:
    """Four backups of one index, made a day apart; the newest first."""
    ids = []
    for _ in range(4):
        ids.insert(0, made_backup(pc, indexes[0]))
        emulator.clock.advance(86_400)
    return ids


def test_prune_keeps_the_newest_of_each_index(shell: Shell, pc: Pinecone, aged: list[str]) -> None:
    made_backup(pc, "beta")
    ended = shell.run("backups", "prune", "--keep", "2", "--yes", "-q")
    assert set(ended.lines) >= {aged[2], aged[3]}
    assert per_index(pc) == {"alpha": 2, "beta": 1}
    assert ended.code == 0


def test_dry_run_deletes_nothing(shell: Shell, pc: Pinecone, aged: list[str]) -> None:
    ended = shell.run("backups", "prune", "--keep", "1", "--dry-run", "-q")
    assert ended.lines == list(reversed(aged[1:]))
    assert per_index(pc) == {"alpha": 4}
    assert "3 of 4" in ended.err


def test_prune_by_age_never_takes_the_last_ready_backup(
    shell: Shell, pc: Pinecone, aged: list[str]
) -> None:
    shell.run("backups", "prune", "--older-than", "2099-01-01", "--yes")
    assert [backup.backup_id for backup in pc.list_backups()] == aged[:1]


@pytest.mark.usefixtures("aged")
def test_prune_of_one_index_leaves_the_others(shell: Shell, pc: Pinecone) -> None:
    shell.run("backups", "prune", "--keep", "0", "--index", "beta", "--yes")
    assert per_index(pc) == {"alpha": 4}


@pytest.mark.usefixtures("aged")
def test_prune_of_no_such_index_is_code_1_and_deletes_nothing(shell: Shell, pc: Pinecone) -> None:
    words = ("--keep", "0", "--index", "alpha", "--index", "nope", "--yes")
    ended = shell.run("backups", "prune", *words)
    assert ended.code == 1
    assert "no index named 'nope'" in ended.err
    assert per_index(pc) == {"alpha": 4}


def test_prune_needs_to_know_which(shell: Shell) -> None:
    assert shell.run("backups", "prune").code == 2


def test_deleting_needs_yes_where_nobody_can_be_asked(
    shell: Shell, pc: Pinecone, aged: list[str]
) -> None:
    ended = shell.run("backups", "delete", aged[0])
    assert ended.code == 2
    assert "--yes" in ended.err
    assert per_index(pc) == {"alpha": 4}


@pytest.mark.parametrize(("answer", "left", "code"), [("y", 3, 0), ("n", 4, 1), ("", 4, 1)])
def test_deleting_asks_on_a_terminal(
    shell: Shell, pc: Pinecone, aged: list[str], answer: str, left: int, code: int
) -> None:
    with shell.terminal("backups", "delete", aged[0]) as child:
        child.expect(r"\[y/N\]")
        child.sendline(answer)
        assert code_of(child) == code
    assert per_index(pc) == {"alpha": left}


def test_ctrl_c_at_the_question_is_code_130(shell: Shell, pc: Pinecone, aged: list[str]) -> None:
    with shell.terminal("backups", "delete", aged[0]) as child:
        child.expect(r"\[y/N\]")
        press_ctrl_c(child)
        assert code_of(child) == 130
    assert per_index(pc) == {"alpha": 4}


@pytest.mark.usefixtures("indexes")
def test_backup_with_a_pending_restore_says_what_to_wait_for(
    shell: Shell, pc: Pinecone, emulator: Emulator
) -> None:
    backup_id = made_backup(pc, "alpha")
    emulator.plan("restore_job", seconds=90_000)
    job_id = pc.create_index_from_backup(backup_id, name="copy").restore_job_id
    ended = shell.run("backups", "delete", backup_id, "--yes")
    assert ended.code == 1
    assert f"pinecone-control restore-jobs wait {job_id}" in ended.err


def test_deleting_several_goes_on_after_a_refusal(shell: Shell, aged: list[str]) -> None:
    ended = shell.run("backups", "delete", aged[0], "nobody", aged[1], "--yes")
    assert ended.lines == [f"{aged[0]}: deleted", f"{aged[1]}: deleted"]
    assert ended.code == 1


@pytest.mark.parametrize(
    "words",
    [
        *(("create", "movies", "--columns", "nme"), ("prune", "--columns", "nme")),
        ("prune", "-o", "csv", "--columns", "reason"),
        ("restore", "nightly", "--name", "copy", "--columns", "nme"),
    ],
    ids=" ".join,
)
def test_unknown_column_is_refused_before_anything_is_done(
    shell: Shell, pc: Pinecone, movies: str, words: tuple[str, ...]
) -> None:
    rule = ("--index", "movies", "--keep-last", "0", "--yes") if words[0] == "prune" else ()
    ended = shell.run("backups", *words, *rule)
    assert ended.code == 2
    assert f"have no column '{words[-1]}'" in ended.err
    assert [backup.backup_id for backup in pc.list_backups()] == [movies]
    assert [index.name for index in pc.list_indexes()] == ["movies"]
