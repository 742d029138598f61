"""`pinecone-control emulator`."""

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.cli.shell import Shell, interrupt

pytestmark = pytest.mark.journey


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


def test_taken_port_is_named_once_with_a_way_out_and_is_code_2(outside: Shell) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = outside.run("emulator", "--port", port)
    assert ended.code == 2
    what, hint = ended.err.splitlines()
    assert what.count(port) == 1
    assert hint == "hint: Give another --port, or --port 0 for any free port."


def test_host_that_does_not_resolve_is_told_and_is_code_2(outside: Shell) -> None:
    ended = outside.run("emulator", "--host", "no such host", "--port", "0")
    assert ended.code == 2
    assert "--host no such host does not resolve" in ended.err


def test_it_says_that_each_key_is_a_separate_project(outside: Shell) -> None:
    with running(outside) as (process, _):
        assert process.stdout is not None
        assert process.stdout.readline() == "Each API key is a separate project.\n"
    assert "Each API key is a separate project" in " ".join(
        outside.run("emulator", "--help").out.split()
    )


@pytest.mark.parametrize("missing", ["jsonschema_rs", "aiohttp"])
def test_missing_package_names_the_extras_to_install(missing: str) -> None:
    program = (
        f"import sys; sys.modules['{missing}'] = None; "
        "from pinecone_control.cli import main; sys.exit(main(['emulator', '--port', '0']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 2
    assert missing in done.stderr
    assert f"{sys.executable} -m pip install" in done.stderr.splitlines()[-1]
    assert "jsonschema-rs" in done.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("missing", "statement"),
    [
        ("jsonschema_rs", "from pinecone_control.emulator import Emulator"),
        ("aiohttp", "from pinecone_control.emulator import run"),
    ],
)
def test_import_without_the_extra_says_what_to_install(missing: str, statement: str) -> None:
    program = f"import sys; sys.modules['{missing}'] = None; {statement}"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.stderr.splitlines()[-1].startswith(
        f"ImportError: pinecone_control.emulator needs more packages ({missing}). "
        f"Install them: {sys.executable} -m pip install 'aiohttp"
    )


def test_pytest_fixture_without_the_extra_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text("import sys; sys.modules['jsonschema_rs'] = None\n")
    (tmp_path / "test_it.py").write_text("def test_it(pinecone_client): ...\n")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert done.returncode == 1
    assert "pinecone_control.emulator needs more packages (jsonschema_rs)" in done.stdout


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


def test_name_of_a_container_is_answered_if_allowed(outside: Shell) -> None:
    with running(outside, "--allow-name", "emulator") as (_, exports):
        url = f"{exports['PINECONE_CONTROLLER_HOST']}/indexes"
        statuses = [
            httpx.get(url, headers={"Host": name, "Api-Key": "k"}).status_code
            for name in ("emulator:5080", "elsewhere:5080")
        ]
    assert statuses == [200, 403]
