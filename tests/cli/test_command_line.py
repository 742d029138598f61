"""What holds for the whole command: keys, errors, help, exit codes."""

import subprocess
import sys
from pathlib import Path

import pytest

from pinecone_control import Pinecone
from pinecone_control.emulator import Emulator, Fault
from pinecone_control_api import API_VERSION
from tests.cli.shell import Shell, eventually, interrupt


def test_version_names_program_and_contract(outside: Shell) -> None:
    ended = outside.run("version")
    assert ended.out.startswith("pinecone-control ")
    assert API_VERSION in ended.out


@pytest.mark.parametrize("missing", ["click", "rich"])
def test_missing_package_is_one_line_that_says_what_to_install(missing: str) -> None:
    program = (
        f"import sys; sys.modules['{missing}'] = None; "
        "from pinecone_control.cli import main; sys.exit(main(['version']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "click" in done.stderr
    assert f"{sys.executable} -m pip install" in done.stderr
    assert "pinecone-control" not in done.stderr.replace(sys.executable, "")


@pytest.mark.parametrize("noun", ["emulator", "contract"])
def test_missing_package_names_all_extras_of_the_command_at_once(noun: str) -> None:
    program = (
        "import sys; sys.modules['click'] = None; "
        f"from pinecone_control.cli import main; sys.exit(main(['{noun}']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert "click" in done.stderr
    assert "jsonschema-rs" in done.stderr


def test_version_option_says_the_same_as_the_command(outside: Shell) -> None:
    ended = outside.run("--version")
    assert ended.code == 0
    assert ended.out == outside.run("version").out


def test_module_runs_as_the_command(outside: Shell) -> None:
    module = subprocess.run(
        [sys.executable, "-m", "pinecone_control", "version"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert module.stdout == outside.run("version").out


def test_no_key_is_refused_before_anything_is_sent(outside: Shell) -> None:
    ended = outside.run("restore-jobs", "list")
    assert ended.code == 2
    assert "PINECONE_API_KEY" in ended.err
    assert "Traceback" not in ended.err


def test_key_is_read_from_a_file_and_its_last_newline_dropped(
    outside: Shell, url: str, emulator: Emulator, tmp_path: object
) -> None:
    file = f"{tmp_path}/key"
    with open(file, "w", encoding="utf-8") as key:  # noqa: PTH123
        key.write("from-a-file\n")
    ended = outside.run("restore-jobs", "list", "--host", url, "--api-key-file", file)
    assert ended.code == 0
    assert len(emulator.requests) == 1


def test_key_is_read_from_standard_input(outside: Shell, url: str) -> None:
    ended = outside.run(
        "restore-jobs", "list", "--host", url, "--api-key-file", "-", stdin="from-a-pipe\n"
    )
    assert ended.code == 0


def test_key_file_may_begin_with_a_byte_order_mark(
    outside: Shell, url: str, emulator: Emulator, tmp_path: Path
) -> None:
    file = tmp_path / "key"
    file.write_text("key-of-the-project-of-the-test\r\n", "utf-8-sig")
    file.chmod(0o600)
    ended = outside.run("restore-jobs", "list", "--host", url, "--api-key-file", str(file))
    assert ended.code == 0
    assert ended.err == "no restore jobs\n"
    assert len(emulator.requests) == 1


def test_key_file_that_others_can_read_is_warned_of(
    outside: Shell, url: str, tmp_path: Path
) -> None:
    file = tmp_path / "key"
    file.write_text("from-a-file\n", "utf-8")
    file.chmod(0o644)
    ended = outside.run("restore-jobs", "list", "--host", url, "--api-key-file", str(file))
    assert f"chmod 600 {file}" in ended.err
    assert ended.code == 0


@pytest.mark.parametrize("content", ["", "  \n", "two words", "schl\u00fcssel"])
def test_errors_about_a_key_name_its_file(outside: Shell, tmp_path: Path, content: str) -> None:
    file = tmp_path / "the-key"
    file.write_text(content, "utf-8")
    ended = outside.run("restore-jobs", "list", "--api-key-file", str(file))
    assert ended.code == 2
    assert str(file) in ended.err.splitlines()[-2] + ended.err.splitlines()[-1]
    assert "api_key" not in ended.err


def test_refused_key_of_a_file_names_the_file(
    outside: Shell, url: str, emulator: Emulator, tmp_path: Path
) -> None:
    file = tmp_path / "the-key"
    file.write_text("some-key\n", "utf-8")
    emulator.faults.add(Fault(status=401, body="Invalid API key"))
    ended = outside.run("restore-jobs", "list", "--host", url, "--api-key-file", str(file))
    assert ended.code == 1
    assert f"The key came from {file}" in ended.err


def test_key_file_that_is_not_there_is_code_2(outside: Shell, url: str) -> None:
    ended = outside.run("restore-jobs", "list", "--host", url, "--api-key-file", "/nowhere/key")
    assert ended.code == 2
    assert "/nowhere/key" in ended.err


@pytest.mark.parametrize("host", ["nonsense", "ftp://example.com", "http://10.0.0.1:5080"])
def test_host_that_cannot_be_right_is_code_2(outside: Shell, host: str) -> None:
    ended = outside.run("restore-jobs", "list", PINECONE_API_KEY="k", PINECONE_CONTROLLER_HOST=host)
    assert ended.code == 2
    assert host in ended.err


def test_service_that_is_not_there_is_code_1(outside: Shell) -> None:
    ended = outside.run(
        "restore-jobs",
        "list",
        "--host",
        "http://127.0.0.1:9",
        "--deadline",
        "1",
        PINECONE_API_KEY="k",
    )
    assert ended.code == 1
    assert ended.err.splitlines()[0].startswith("error: ")


def test_refused_key_is_code_1_and_says_where_the_key_came_from(
    shell: Shell, emulator: Emulator
) -> None:
    emulator.faults.add(Fault(status=401, body="Invalid API key"))
    ended = shell.run("restore-jobs", "list")
    assert ended.code == 1
    assert "PINECONE_API_KEY" in ended.err.splitlines()[1]


@pytest.mark.parametrize("group", [(), ("backups",)], ids=["program", "noun"])
def test_option_before_its_command_is_told_where_it_goes(
    outside: Shell, group: tuple[str, ...]
) -> None:
    ended = outside.run(*group, "--profile", "staging", "list")
    assert ended.code == 2
    place = " ".join(("pinecone-control", *group, "COMMAND --profile"))
    assert f"'--profile'. Options follow the command, as in: {place}\n" in ended.err


@pytest.mark.parametrize(
    "words",
    [("nonsense",), ("restore-jobs", "nonsense"), ("restore-jobs", "list", "--nonsense"), ()],
    ids=" ".join,
)
def test_command_that_is_none_is_code_2(outside: Shell, words: tuple[str, ...]) -> None:
    ended = outside.run(*words)
    assert ended.code == 2
    assert ended.out == ""
    assert ended.err


def test_debug_shows_the_exchange_with_the_key_masked(shell: Shell) -> None:
    ended = shell.run("restore-jobs", "list", "--limit", "1", "--debug")
    assert "> GET " in ended.err
    assert "< 200 OK" in ended.err
    assert "api-key: ***" in ended.err.lower()
    assert shell.environment["PINECONE_API_KEY"] not in ended.err


def test_passing_trouble_is_borne(shell: Shell, emulator: Emulator) -> None:
    emulator.faults.add(Fault(status=503, times=2))
    ended = shell.run("restore-jobs", "list")
    assert ended.code == 0
    assert len(emulator.requests) == 3


def test_interrupted_listing_is_code_130_without_a_traceback(
    shell: Shell, emulator: Emulator
) -> None:
    emulator.faults.add(Fault(latency=100_000))
    with shell.started("restore-jobs", "list") as process:
        eventually(lambda: len(emulator.requests) == 1)
        ended = interrupt(process)
    assert ended.code == 130
    assert ended.err == "interrupted\n"


def test_debug_masks_a_key_that_the_server_echoes(shell: Shell, emulator: Emulator) -> None:
    key = shell.environment["PINECONE_API_KEY"]
    emulator.faults.add(Fault(status=400, body=f"bad key {key}"))
    ended = shell.run("restore-jobs", "list", "--debug")
    assert "bad key ***" in ended.err
    assert key not in ended.err + ended.out


def test_names_cannot_move_the_cursor(shell: Shell, pc: Pinecone) -> None:
    spec = {"serverless": {"cloud": "aws", "region": "us-east-1"}}
    pc.create_index("movies", spec=spec, dimension=8, wait=True)
    pc.create_backup("movies", name="\x1b[2J\x07 evil\nname")
    for words in (("list",), ("list", "--exact"), ("list", "--columns", "backup_id,name")):
        ended = shell.run("backups", *words)
        assert "\x1b" not in ended.out
        assert len(ended.lines) == 2


def test_wide_characters_keep_columns_aligned(shell: Shell, pc: Pinecone) -> None:
    spec = {"serverless": {"cloud": "aws", "region": "us-east-1"}}
    pc.create_index("movies", spec=spec, dimension=8, wait=True)
    for name in ("電影", "film"):
        pc.create_backup("movies", name=name)
    first, second = shell.run("backups", "list", "--columns", "name,status").lines[1:]
    starts = {line.split()[0]: line.index(line.split()[1]) for line in (first, second)}
    assert starts["film"] == starts["電影"] + 2


def test_output_in_ascii_still_says_everything(shell: Shell, pc: Pinecone) -> None:
    spec = {"serverless": {"cloud": "aws", "region": "us-east-1"}}
    pc.create_index("movies", spec=spec, dimension=8, wait=True)
    pc.create_backup("movies", name="電影")
    ascii_only = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    ended = shell.run("backups", "list", "-o", "json", **ascii_only)
    assert ended.json[0]["name"] == "電影"
    assert shell.run("backups", "list", **ascii_only).code == 0


@pytest.mark.parametrize(
    "words",
    ["restore-jobs list", "restore-jobs list -o json", "backups create --help", "version"],
)
def test_full_disk_under_the_output_is_one_line_and_code_1(
    shell: Shell, emulator: Emulator, words: str
) -> None:
    emulator.seed("demo", restore_jobs=4)
    ended = shell.script(f"pinecone-control {words} > /dev/full")
    assert ended.err == "error: cannot write the output: No space left on device\n"
    assert ended.code == 1


@pytest.mark.parametrize(
    "words",
    ["restore-jobs list", "restore-jobs list -o json", "backups create --help", "version"],
)
def test_closed_output_is_one_line_and_code_1(shell: Shell, words: str) -> None:
    ended = shell.script(f"pinecone-control {words} >&-")
    assert ended.err == "error: cannot write the output: standard output is closed\n"
    assert ended.code == 1


def test_closed_error_output_does_no_harm(shell: Shell, emulator: Emulator) -> None:
    emulator.seed("demo", restore_jobs=4)
    ended = shell.script("pinecone-control restore-jobs list -q 2>&-")
    assert len(ended.lines) == 4
    assert ended.code == 0


def test_full_disk_under_the_error_output_stops_no_work(shell: Shell, emulator: Emulator) -> None:
    emulator.seed("demo", restore_jobs=4)
    create = "pinecone-control backups create movies support-tickets --name today -q"
    ended = shell.script(f"{create} 2> /dev/full")
    assert len(ended.lines) == 2
    assert ended.code == 0


def test_plain_http_elsewhere_names_the_option_that_allows_it(outside: Shell) -> None:
    ended = outside.run("indexes", "list", "--host", "http://10.0.0.1", PINECONE_API_KEY="k")
    assert "--allow-plain-http" in ended.err
    assert "allow_plain_http" not in ended.err


def test_certificates_that_cannot_be_read_name_their_option(shell: Shell) -> None:
    ended = shell.run("indexes", "list", "--ca-file", "/nowhere.pem")
    assert ended.code == 2
    assert "--ca-file" in ended.err
    assert "'/nowhere.pem'" in ended.err


def test_change_whose_answer_is_lost_names_the_command_that_shows_it(
    shell: Shell, pc: Pinecone, emulator: Emulator
) -> None:
    spec = {"serverless": {"cloud": "aws", "region": "us-east-1"}}
    pc.create_index("movies", spec=spec, dimension=8, wait=True)
    emulator.faults.add(Fault(operation="configure_index", drop=True, when="after"))
    ended = shell.run("indexes", "configure", "movies", "--protect")
    assert ended.code == 1
    assert "`pinecone-control indexes describe movies`" in ended.err


def test_https_for_a_server_without_tls_is_told_from_other_trouble(shell: Shell, url: str) -> None:
    host = url.replace("http://", "https://")
    ended = shell.run("restore-jobs", "list", "--host", host, "--deadline", "1")
    assert ended.code == 1
    assert "http://" in ended.err.splitlines()[1]


def test_nothing_is_imported_that_a_listing_on_a_pipe_does_not_need(shell: Shell) -> None:
    listed = shell.run("restore-jobs", "list", PYTHONPROFILEIMPORTTIME="1")

    imported = {line.rpartition("|")[2].strip() for line in listed.err.splitlines()}
    assert {"click", "httpx", "pinecone_control.cli.listing"} <= imported
    assert not imported & {"rich", "pygments", "yaml", "aiohttp", "jsonschema_rs"}
