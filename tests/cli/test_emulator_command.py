"""`pinecone-control emulator`."""

import re
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.cli.shell import Shell, interrupt

if TYPE_CHECKING:
    import subprocess


@contextmanager
def running(shell: Shell, *words: str) -> Iterator[tuple["subprocess.Popen[str]", dict[str, str]]]:
    """Run an emulator on a free port; also what it says is to be exported."""
    with shell.started("emulator", "--port", "0", *words) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(3)]
        yield process, dict(re.findall(r"export (\w+)=(\S+)", "".join(lines)))


def test_it_answers_where_it_says(outside: Shell) -> None:
    with running(outside, "--seed", "demo") as (_, exports):
        ended = outside.run("restore-jobs", "list", "--limit", "1", "-q", **exports)
    assert ended.code == 0
    assert len(ended.lines) == 1


def test_sample_has_as_many_jobs_as_asked_for(outside: Shell) -> None:
    with running(outside, "--seed", "demo", "--restore-jobs", "321") as (_, exports):
        assert len(outside.run("restore-jobs", "list", "-q", **exports).lines) == 321


def test_it_accepts_the_given_keys_only(outside: Shell) -> None:
    with running(outside, "--api-key", "one", "--api-key", "two") as (_, exports):
        url = exports["PINECONE_CONTROLLER_HOST"]
        statuses = {
            key: httpx.get(f"{url}/indexes", headers={"Api-Key": key}, trust_env=False).status_code
            for key in ("one", "two", "three")
        }
    assert statuses == {"one": 200, "two": 200, "three": 401}


def test_data_file_keeps_what_was_made(outside: Shell, tmp_path: Path) -> None:
    data = str(tmp_path / "state.db")
    with running(outside, "--data", data, "--seed", "demo") as (process, exports):
        before = outside.run("restore-jobs", "list", "-q", **exports).lines
        interrupt(process)
    with running(outside, "--data", data) as (_, exports):
        assert outside.run("restore-jobs", "list", "-q", **exports).lines == before


def test_speed_makes_time_pass_faster(outside: Shell) -> None:
    with running(outside, "--seed", "demo", "--speed", "1000") as (_, exports):
        ended = outside.run(
            "restore-jobs",
            "list",
            "--index",
            "movies-restored",
            "-q",
            "--status",
            "Pending",
            **exports,
        )
        job = outside.run("restore-jobs", "list", "--limit", "1", "-o", "json", **exports).json[0]
    assert ended.code == 0
    assert job["status"] == "Completed"


def test_ctrl_c_ends_it_with_code_130(outside: Shell) -> None:
    with running(outside) as (process, _):
        ended = interrupt(process)
    assert ended.code == 130
    assert "Traceback" not in ended.err


def test_sigterm_ends_it_with_code_0(outside: Shell) -> None:
    with running(outside) as (process, _):
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=10)
    assert process.returncode == 0
    assert err == ""


def test_taken_port_is_one_line_and_code_2(outside: Shell) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ended = outside.run("emulator", "--port", str(taken.getsockname()[1]))
    assert ended.code == 2
    assert len(ended.err.splitlines()) == 1


@pytest.mark.parametrize("content", [b"id,name\n1,movies\n", b"SQLite format 3\0" + b"\0" * 200])
def test_file_of_another_format_is_one_line_and_stays_as_it_was(
    outside: Shell, tmp_path: Path, content: bytes
) -> None:
    data = tmp_path / "other"
    data.write_bytes(content)
    ended = outside.run("emulator", "--port", "0", "--data", str(data))
    assert ended.code == 2
    assert len(ended.err.splitlines()) == 1
    assert str(data) in ended.err
    assert data.read_bytes() == content


def test_file_that_cannot_be_made_is_one_line(outside: Shell, tmp_path: Path) -> None:
    data = tmp_path / "no" / "such" / "folder" / "state.db"
    ended = outside.run("emulator", "--port", "0", "--data", str(data))
    assert ended.code == 2
    assert len(ended.err.splitlines()) == 1


def test_other_machines_are_not_let_in_unasked(outside: Shell) -> None:
    ended = outside.run("emulator", "--host", "0.0.0.0", "--port", "0")
    assert ended.code == 2
    assert "--allow-remote" in ended.err


def test_letting_other_machines_in_is_warned_of(outside: Shell) -> None:
    with running(outside, "--host", "0.0.0.0", "--allow-remote") as (process, _):
        ended = interrupt(process)
    assert "warning: " in ended.err
