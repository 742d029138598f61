"""Keys and hosts by name, from a file of one's own."""

import os
from pathlib import Path

import pytest

from pinecone_control.emulator import Emulator
from tests.cli.shell import Shell


@pytest.fixture
def profiles(outside: Shell, url: str) -> Path:
    path = Path(outside.environment["XDG_CONFIG_HOME"], "pinecone-control", "profiles.toml")
    path.parent.mkdir(parents=True)
    path.write_text(
        f"""
        [default]
        api_key = "key-of-default"
        host = "{url}"

        [staging]
        api_key_file = "~/staging.key"
        host = "{url}"

        [broken]
        password = "secret"
        """,
        "utf-8",
    )
    path.chmod(0o600)
    Path(outside.environment["HOME"], "staging.key").write_text("key-of-staging\n", "utf-8")
    return path


@pytest.fixture(autouse=True)
def _two_projects(emulator: Emulator) -> None:
    emulator.seed("demo", restore_jobs=10, api_key="key-of-default")
    emulator.seed("demo", restore_jobs=20, api_key="key-of-staging")


def jobs(shell: Shell, *words: str, **environment: str) -> int:
    return len(shell.run("restore-jobs", "list", "-q", *words, **environment).lines)


@pytest.mark.usefixtures("profiles")
def test_default_profile_is_used_where_nothing_else_is_said(outside: Shell) -> None:
    assert jobs(outside) == 10


def test_mark_that_an_editor_puts_before_the_profiles_is_skipped(
    outside: Shell, profiles: Path
) -> None:
    profiles.write_text(profiles.read_text("utf-8").replace("\n", "\r\n"), "utf-8-sig")
    assert jobs(outside) == 10


@pytest.mark.usefixtures("profiles")
def test_profile_is_chosen_by_an_option(outside: Shell) -> None:
    assert jobs(outside, "--profile", "staging") == 20


@pytest.mark.usefixtures("profiles")
def test_profile_is_chosen_by_a_variable(outside: Shell) -> None:
    assert jobs(outside, PINECONE_CONTROL_PROFILE="staging") == 20


@pytest.mark.usefixtures("profiles")
def test_chosen_profile_goes_before_the_environment(outside: Shell) -> None:
    elsewhere = "http://127.0.0.1:9"
    assert (
        jobs(
            outside,
            "--profile",
            "staging",
            PINECONE_API_KEY="x",
            PINECONE_CONTROLLER_HOST=elsewhere,
        )
        == 20
    )


@pytest.mark.usefixtures("profiles")
def test_environment_goes_before_the_default_profile(
    outside: Shell, url: str, emulator: Emulator
) -> None:
    jobs(outside, PINECONE_API_KEY="key-of-staging", PINECONE_CONTROLLER_HOST=url)
    assert jobs(outside, PINECONE_API_KEY="key-of-staging", PINECONE_CONTROLLER_HOST=url) == 20
    assert len(emulator.requests) == 2


@pytest.mark.usefixtures("profiles")
def test_key_of_the_default_profile_is_not_sent_to_a_host_of_the_environment(
    outside: Shell, url: str, emulator: Emulator
) -> None:
    ended = outside.run("restore-jobs", "list", PINECONE_CONTROLLER_HOST=url)
    assert ended.code == 2
    assert len(emulator.requests) == 0


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
def test_file_that_others_can_read_is_refused(outside: Shell, profiles: Path, mode: int) -> None:
    profiles.chmod(mode)
    ended = outside.run("restore-jobs", "list")
    assert ended.code == 2
    assert f"chmod 600 {profiles}" in ended.err


@pytest.mark.usefixtures("profiles")
def test_unknown_profile_is_refused(outside: Shell) -> None:
    ended = outside.run("restore-jobs", "list", "--profile", "production")
    assert ended.code == 2
    assert "'production'" in ended.err


@pytest.mark.usefixtures("profiles")
def test_setting_that_no_profile_has_is_refused_without_showing_it(outside: Shell) -> None:
    ended = outside.run("restore-jobs", "list", "--profile", "broken")
    assert ended.code == 2
    assert "password" in ended.err
    assert "secret" not in ended.err


def test_file_that_is_no_toml_is_refused(outside: Shell, profiles: Path) -> None:
    profiles.write_text("[default", "utf-8")
    assert outside.run("restore-jobs", "list").code == 2


def test_named_pipe_in_place_of_the_file_does_not_hang(outside: Shell) -> None:
    path = Path(outside.environment["XDG_CONFIG_HOME"], "pinecone-control", "profiles.toml")
    path.parent.mkdir(parents=True)
    os.mkfifo(path, 0o600)
    ended = outside.run("restore-jobs", "list")
    assert ended.code == 2
    assert "not a file" in ended.err


@pytest.mark.usefixtures("profiles")
def test_mistyped_profile_is_offered_right(outside: Shell) -> None:
    ended = outside.run("restore-jobs", "list", "--profile", "stagin")
    assert "did you mean staging?" in ended.err


@pytest.mark.usefixtures("profiles")
def test_status_says_which_host_and_key_are_used_and_whether_it_answers(
    outside: Shell, url: str
) -> None:
    ended = outside.run("status", "--profile", "staging")
    assert ended.code == 0
    assert ended.lines[0] == f"host     {url}"
    assert ended.lines[1].endswith("staging.key")
    assert ended.lines[2] == "profile  staging"
    assert ended.lines[3].startswith("answers  yes")
    assert "key-of-staging" not in ended.out


@pytest.mark.usefixtures("profiles")
def test_status_as_json_says_whether_the_service_answers_and_why_not(
    outside: Shell, url: str
) -> None:
    words = ("whoami", "--profile", "staging", "-o", "json")
    good = outside.run(*words).json
    assert (good["host"], good["profile"], good["answers"]) == (url, "staging", True)
    bad = outside.run(*words, "--host", "http://127.0.0.1:9", "--deadline", "1")
    assert bad.code == 1
    assert bad.json["answers"] is False
    assert "Connection refused" in bad.json["error"]


def test_list_says_that_a_profile_has_no_key(outside: Shell, profiles: Path) -> None:
    profiles.write_text("[prod]\n", "utf-8")
    ended = outside.run("profiles", "list")
    assert ended.lines == ["prod  key: none  host: https://api.pinecone.io"]


def test_list_of_profiles_shows_no_key(outside: Shell, profiles: Path) -> None:
    profiles.write_text(profiles.read_text("utf-8").partition("[broken]")[0], "utf-8")
    ended = outside.run("profiles", "list")
    assert [line.split()[0] for line in ended.lines] == ["default", "staging"]
    as_json = outside.run("profiles", "list", "-o", "json")
    assert [each["key"] for each in as_json.json] == ["in this file", "~/staging.key"]
    assert "key-of-default" not in ended.out + as_json.out
