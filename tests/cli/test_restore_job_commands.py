"""`pinecone-control restore-jobs`, on the emulator."""

import csv
import io
import json
import re

import pytest
import yaml

from pinecone_control import Pinecone
from pinecone_control.emulator import Emulator, Fault
from scripts.proofs.replay import Canned, replay
from tests.cli.shell import Shell, code_of, interrupt, without_colours


@pytest.fixture(autouse=True)
def _sample(emulator: Emulator) -> None:
    emulator.seed("demo")


def restored(pc: Pinecone, emulator: Emulator, *, seconds: float, **plan: object) -> str:
    """Begin a restore that takes so many emulated seconds; its job's id."""
    emulator.plan("restore_job", seconds=seconds, **plan)  # type: ignore[arg-type]
    backup = next(b for b in pc.list_backups() if b.is_ready)
    return pc.create_index_from_backup(backup.backup_id, name="fresh").restore_job_id


# --------------------------------------------------------------------------------------- list


def test_list_shows_a_table_with_a_heading(shell: Shell) -> None:
    ended = shell.run("restore-jobs", "list", "--limit", "3")
    heading, *rows = ended.rows()
    assert heading == ["ID", "STATUS", "TARGET INDEX", "DONE", "CREATED"]
    assert [row[2] for row in rows[:2]] == ["movies-restored", "movies-rehearsal"]
    assert re.fullmatch(r"in \d+ s|\d+ (s|min|h|d) ago", rows[-1][4])
    assert ended.code == 0
    assert ended.err == ""


def test_table_shows_the_first_hundred_and_says_that_there_are_more(shell: Shell) -> None:
    ended = shell.run("restore-jobs", "list")
    assert len(ended.lines) == 101
    assert "--all" in ended.err


def test_table_of_the_first_hundred_costs_one_request(shell: Shell, emulator: Emulator) -> None:
    shell.run("restore-jobs", "list")
    assert len(emulator.requests) == 1


def test_all_shows_every_job_once(shell: Shell) -> None:
    ended = shell.run("restore-jobs", "list", "--all")
    assert len({row[0] for row in ended.rows()[1:]}) == 240
    assert ended.err == ""


def test_limit_asks_for_no_more_than_it_needs(shell: Shell, emulator: Emulator) -> None:
    ended = shell.run("restore-jobs", "list", "--limit", "7")
    assert len(ended.rows()) == 8
    assert [request.query for request in emulator.requests] == [{"limit": "7"}]


def test_limit_goes_over_pages(shell: Shell) -> None:
    assert len(shell.run("restore-jobs", "list", "--limit", "130").lines) == 131


def test_json_is_the_wire_form_of_all_jobs(shell: Shell, pc: Pinecone) -> None:
    ended = shell.run("restore-jobs", "list", "-o", "json")
    done = [job for job in ended.json if job["status"] == "Completed"]
    assert len(ended.json) == 240
    assert (
        done
        == [job.to_dict() for job in pc.list_restore_jobs() if job.status == "Completed"][
            -len(done) :
        ]
    )


def test_json_of_nothing_is_an_empty_array(shell: Shell) -> None:
    assert shell.run("restore-jobs", "list", "--since", "2099-01-01", "-o", "json").json == []


@pytest.mark.parametrize("form", ["table", "json", "csv", "yaml"])
def test_index_that_does_not_exist_is_refused_with_one_like_it(shell: Shell, form: str) -> None:
    ended = shell.run("restore-jobs", "list", "--index", "moveis", "-o", form)
    assert ended.code == 1
    assert "no index named 'moveis' (did you mean movies?)" in ended.err


def test_json_lines_are_one_object_a_line(shell: Shell) -> None:
    ended = shell.run("restore-jobs", "list", "-o", "jsonl")
    assert len({json.loads(line)["restore_job_id"] for line in ended.lines}) == 240


def test_json_lines_start_before_the_second_page_has_come(shell: Shell, emulator: Emulator) -> None:
    emulator.faults.add(Fault(latency=0.001))
    emulator.faults.add(Fault(latency=100_000))
    with shell.started("restore-jobs", "list", "-o", "jsonl") as process:
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["target_index_name"] == "movies-restored"


def test_csv_has_a_header_and_exact_times(shell: Shell) -> None:
    ended = shell.run("restore-jobs", "list", "-o", "csv", "--status", "Failed")
    rows = list(csv.DictReader(io.StringIO(ended.out)))
    assert {row["status"] for row in rows} == {"Failed"}
    assert all(row["created_at"].endswith("Z") for row in rows)


def test_yaml_reads_back_as_the_same_as_json(shell: Shell) -> None:
    wanted = ("restore-jobs", "list", "--status", "Cancelled")
    assert (
        yaml.safe_load(shell.run(*wanted, "-o", "yaml").out)
        == shell.run(*wanted, "-o", "json").json
    )


def test_quiet_writes_ids_alone(shell: Shell) -> None:
    ended = shell.run("restore-jobs", "list", "-q", "--status", "failed")
    assert ended.lines
    assert all(len(line) == 36 for line in ended.lines)


def test_quiet_output_feeds_another_command(shell: Shell) -> None:
    ended = shell.script(
        "pinecone-control restore-jobs list --status Failed --limit 2 -q "
        "| xargs -n 1 pinecone-control restore-jobs describe -o jsonl"
    )
    assert [json.loads(line)["status"] for line in ended.lines] == ["Failed", "Failed"]


def test_status_is_compared_without_regard_to_case(shell: Shell) -> None:
    jobs = shell.run("restore-jobs", "list", "--status", "CANCELLED", "-o", "json").json
    assert {job["status"] for job in jobs} == {"Cancelled"}


def test_status_can_be_given_twice(shell: Shell) -> None:
    ended = shell.run(
        "restore-jobs", "list", "--status", "Failed", "--status", "Cancelled", "-o", "json"
    )
    assert {job["status"] for job in ended.json} == {"Failed", "Cancelled"}


@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_unknown_status_is_refused_with_those_there_are(shell: Shell, form: str) -> None:
    ended = shell.run("restore-jobs", "list", "--status", "Faild", "-o", form)
    assert ended.code == 2
    assert "did you mean Failed?" in ended.err
    assert "Pending, Completed, Failed, Cancelled" in ended.err


def test_index_selects_by_target(shell: Shell) -> None:
    jobs = shell.run("restore-jobs", "list", "--index", "movies-restored", "-o", "json").json
    assert [job["target_index_name"] for job in jobs] == ["movies-restored"]


def test_since_and_until_select_by_creation(shell: Shell) -> None:
    every = shell.run("restore-jobs", "list", "-o", "json").json
    since = shell.run("restore-jobs", "list", "--since", "7d", "-o", "json").json
    until = shell.run("restore-jobs", "list", "--until", "7d", "-o", "json").json
    assert 0 < len(since) < len(every)
    assert sorted(job["restore_job_id"] for job in since + until) == sorted(
        job["restore_job_id"] for job in every
    )


def test_a_date_that_is_none_is_refused_with_examples(shell: Shell) -> None:
    ended = shell.run("restore-jobs", "list", "--since", "someday")
    assert ended.code == 2
    assert "2025-05-15" in ended.err


def test_sort_orders_by_a_field(shell: Shell) -> None:
    jobs = shell.run("restore-jobs", "list", "--sort", "created_at", "-o", "json").json
    times = [job["created_at"] for job in jobs]
    assert times == sorted(times)


def test_sort_descends_after_a_minus(shell: Shell) -> None:
    jobs = shell.run(
        "restore-jobs", "list", "--sort", "-percent_complete", "--limit", "5", "-o", "json"
    ).json
    assert [job["percent_complete"] for job in jobs] == [100.0] * 5


def test_columns_are_chosen_by_their_names_on_the_wire(shell: Shell) -> None:
    ended = shell.run(
        "restore-jobs", "list", "--limit", "1", "--columns", "status,backup_id", "-o", "json"
    )
    assert list(ended.json[0]) == ["status", "backup_id"]


def test_unknown_column_is_refused_with_those_there_are(shell: Shell) -> None:
    ended = shell.run("restore-jobs", "list", "--columns", "state")
    assert ended.code == 2
    assert "percent_complete" in ended.err


def test_exact_shows_times_as_they_are(shell: Shell) -> None:
    row = shell.run("restore-jobs", "list", "--limit", "1", "--exact").rows()[1]
    assert row[4].endswith("Z")


def test_closed_pipe_ends_quietly(shell: Shell) -> None:
    ended = shell.script(
        "pinecone-control restore-jobs list --all -o jsonl | head -1; echo ${PIPESTATUS[0]}"
    )
    assert len(ended.lines) == 2
    assert ended.lines[1] == "141"
    assert ended.err == ""


# ------------------------------------------------------------------------------- on a terminal


def test_terminal_shows_states_in_colour(shell: Shell) -> None:
    shown = shell.on_terminal("restore-jobs", "list", "--limit", "5").out
    assert "\x1b[33mPending" in shown
    assert "\x1b[32mCompleted" in shown


def test_no_color_is_respected(shell: Shell) -> None:
    assert "\x1b[" not in shell.on_terminal("restore-jobs", "list", NO_COLOR="1").out


def test_pipe_gets_no_colours(shell: Shell) -> None:
    assert "\x1b[" not in shell.run("restore-jobs", "list").out


@pytest.mark.parametrize("width", [54, 60, 80, 100])
def test_table_fits_the_terminal_with_the_starts_of_ids(
    shell: Shell, pc: Pinecone, width: int
) -> None:
    shown = without_colours(shell.on_terminal("restore-jobs", "list", width=width).out)
    rows = shown.splitlines()[1:101]
    assert all(len(line) <= width for line in rows)
    starts = {job.restore_job_id[:8] for job in pc.list_restore_jobs()}
    assert {line.split()[0] for line in rows} <= starts


@pytest.mark.parametrize("width", [34, 40, 50])
def test_narrow_terminal_keeps_status_and_progress_and_the_start_of_the_id(
    shell: Shell, pc: Pinecone, width: int
) -> None:
    shown = without_colours(shell.on_terminal("restore-jobs", "list", width=width).out)
    heading, *rows = [line for line in shown.splitlines() if "%" in line or "DONE" in line]
    assert [word for word in heading.split() if word in {"ID", "STATUS", "DONE"}] == [
        "ID",
        "STATUS",
        "DONE",
    ]
    start = next(row for row in rows if "Completed" in row).split()[0]
    ids = [job.restore_job_id for job in pc.list_restore_jobs()]
    assert sum(each.startswith(start) for each in ids) == 1
    assert all(len(row) <= width for row in rows)


def test_limit_and_all_together_are_code_2(shell: Shell) -> None:
    ended = shell.run("restore-jobs", "list", "--limit", "3", "--all")
    assert ended.code == 2
    assert "--all and --limit" in ended.err


def test_narrow_terminal_says_what_it_leaves_out(shell: Shell) -> None:
    assert "the terminal is too narrow: " in shell.on_terminal("restore-jobs", "list", width=30).out


# ----------------------------------------------------------------------------------- describe


def test_describe_shows_a_line_for_each_field(shell: Shell, pc: Pinecone) -> None:
    job = pc.list_restore_jobs(limit=1).data[0]
    ended = shell.run("restore-jobs", "describe", job.restore_job_id)
    assert ["target_index_name", "movies-restored"] in ended.rows()


def test_describe_as_json_is_one_object(shell: Shell, pc: Pinecone) -> None:
    job = pc.list_restore_jobs().data[-1]
    ended = shell.run("restore-jobs", "describe", job.restore_job_id, "-o", "json")
    assert ended.json == job.to_dict()


def test_unknown_job_is_two_lines_and_code_1(shell: Shell) -> None:
    ended = shell.run("restore-jobs", "describe", "nobody")
    what, hint = ended.err.splitlines()
    assert what == "error: no restore job with the id 'nobody'"
    assert hint == "hint: See: pinecone-control restore-jobs list"
    assert ended.code == 1


# --------------------------------------------------------------------------------------- wait


def test_wait_returns_when_the_job_is_completed(
    shell: Shell, pc: Pinecone, emulator: Emulator
) -> None:
    job_id = restored(pc, emulator, seconds=20)
    ended = shell.run("restore-jobs", "wait", job_id, "-o", "json")
    assert [job["status"] for job in ended.json] == ["Completed"]
    assert ended.code == 0


@pytest.mark.parametrize("speed", [0])
def test_wait_writes_plain_lines_with_the_progress_elsewhere_than_on_a_terminal(
    shell: Shell, pc: Pinecone, emulator: Emulator
) -> None:
    job_id = restored(pc, emulator, seconds=20)
    with shell.started("restore-jobs", "wait", job_id) as process:
        assert process.stderr is not None
        first = process.stderr.readline()
        emulator.clock.advance(5)
        second = process.stderr.readline()
        emulator.clock.advance(15)
        third = process.stderr.readline()
    assert first.endswith(f"restore job {job_id} (fresh): Pending, 0 %\n")
    assert second.endswith("Pending, 25 %\n")
    assert third.endswith("Completed, 100 %\n")


@pytest.mark.parametrize("speed", [0])
def test_wait_on_a_terminal_draws_a_bar_with_per_cent_and_time(
    shell: Shell, pc: Pinecone, emulator: Emulator
) -> None:
    job_id = restored(pc, emulator, seconds=20)
    with shell.terminal("restore-jobs", "wait", job_id) as child:
        child.expect("━")
        child.expect("Pending 0 %")
        child.expect(r"0:00:0\d")
        emulator.clock.advance(5)
        child.expect("Pending 25 %")
        emulator.clock.advance(15)
        child.expect("Completed")
        assert code_of(child) == 0


def test_wait_knows_a_job_whose_id_the_server_spells_in_other_letters(shell: Shell) -> None:
    job_id = "0e0f5a1c-0000-4000-8000-000000000000"
    names = ("restore_job_id", "backup_id", "target_index_name", "target_index_id")
    made = {"status": "Completed", "created_at": "2025-05-15T13:59:51Z"}
    with replay(Canned(body=dict.fromkeys(names, job_id) | made)) as server:
        ended = shell.on_terminal(
            "restore-jobs", "wait", job_id.upper(), PINECONE_CONTROLLER_HOST=server.url
        )

    assert ended.code == 0


def test_wait_for_a_job_that_fails_is_code_4_and_shows_it(
    shell: Shell, pc: Pinecone, emulator: Emulator
) -> None:
    job_id = restored(pc, emulator, seconds=20, outcome="Failed", at_percent=40)
    ended = shell.run("restore-jobs", "wait", job_id)
    assert ended.rows()[1][:4] == [job_id, "Failed", "fresh", "40 %"]
    assert ended.code == 4


def test_wait_that_runs_out_of_time_is_code_3_and_says_how_to_go_on(
    shell: Shell, pc: Pinecone, emulator: Emulator
) -> None:
    job_id = restored(pc, emulator, seconds=90_000)
    ended = shell.run("restore-jobs", "wait", job_id, "--timeout", "0.4")
    assert ended.err.splitlines()[-1].endswith(f"pinecone-control restore-jobs wait {job_id}")
    assert ended.code == 3


def test_wait_for_several_jobs_is_over_when_all_have_ended(shell: Shell, pc: Pinecone) -> None:
    running = [job.restore_job_id for job in pc.list_restore_jobs() if not job.is_done]
    ended = shell.run("restore-jobs", "wait", *running, "-o", "json")
    assert {job["status"] for job in ended.json} == {"Completed", "Failed"}
    assert ended.code == 4


def test_ctrl_c_says_that_the_work_goes_on_and_how_to_wait_again(
    shell: Shell, pc: Pinecone, emulator: Emulator
) -> None:
    job_id = restored(pc, emulator, seconds=90_000)
    host = shell.environment["PINECONE_CONTROLLER_HOST"]
    with shell.started("restore-jobs", "wait", job_id, "--host", host) as process:
        assert process.stderr is not None
        process.stderr.readline()
        ended = interrupt(process)
    assert ended.code == 130
    assert "continues on the server" in ended.err
    assert f"pinecone-control restore-jobs wait {job_id} --host {host}" in ended.err
    assert "Traceback" not in ended.err


def test_ctrl_c_on_a_terminal_leaves_it_in_order(
    shell: Shell, pc: Pinecone, emulator: Emulator
) -> None:
    job_id = restored(pc, emulator, seconds=90_000)
    with shell.terminal("restore-jobs", "wait", job_id) as child:
        child.expect("Pending")
        child.sendintr()
        child.expect("continues on the server")
        shown = child.before
        assert shown is not None
        assert "\x1b[?25h" in shown, "the cursor is shown again"
        assert code_of(child) == 130


def test_wait_for_an_unknown_job_says_at_once_that_it_goes_on_trying(shell: Shell) -> None:
    with shell.started("restore-jobs", "wait", "nope") as process:
        assert process.stderr is not None
        assert process.stderr.readline().endswith(
            "restore job nope: not known yet (404), trying again for 30 s\n"
        )
        ended = interrupt(process)
    assert ended.code == 130
    assert "continues" not in ended.err
    assert "pinecone-control restore-jobs wait nope" in ended.err


def test_wait_for_several_names_those_that_are_unknown(
    shell: Shell, pc: Pinecone, emulator: Emulator
) -> None:
    job_id = restored(pc, emulator, seconds=90_000)
    ended = shell.run("restore-jobs", "wait", job_id, "nope", "--timeout", "0.4")
    assert "restore job nope: not known yet (404)" in ended.err
    assert f"restore job {job_id}: not known" not in ended.err
    assert ended.code == 3


def test_wait_for_an_unknown_job_that_runs_out_of_time_claims_no_restore(shell: Shell) -> None:
    ended = shell.run("restore-jobs", "wait", "nope", "--timeout", "0.4")
    assert ended.code == 3
    assert "continues" not in ended.err


def test_wait_for_nothing_is_done_at_once(shell: Shell) -> None:
    ended = shell.script(
        "pinecone-control restore-jobs wait "
        "$(pinecone-control restore-jobs list --since 2099-01-01 -q)"
    )
    assert ended.code == 0
    assert ended.err == "nothing to wait for\n"


def test_wait_for_nothing_as_json_is_an_empty_array(shell: Shell) -> None:
    assert shell.run("restore-jobs", "wait", "-o", "json").json == []
