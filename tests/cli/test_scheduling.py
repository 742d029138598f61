"""What docs/scheduling.md shows is run on the emulator, or read by what it is written for."""

import configparser
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from pinecone_control import Pinecone
from pinecone_control.emulator import Emulator
from tests.cli.conftest import KEY
from tests.cli.shell import COMMAND, Shell
from tests.docs.blocks import ROOT, Block, blocks_of

pytestmark = pytest.mark.journey

BLOCKS = blocks_of(ROOT / "docs" / "scheduling.md")


@pytest.fixture
def speed() -> float:
    return 600


def in_language(language: str) -> list[Block]:
    return [block for block in BLOCKS if block.language == language]


def yaml_of(kind: str) -> Any:
    documents = [yaml.safe_load(block.text) for block in in_language("yaml")]
    (found,) = [document for document in documents if kind in document]
    return found


@pytest.fixture
def night(pc: Pinecone, emulator: Emulator) -> None:
    """Two indexes, one with a week of nightly backups and one made by hand."""
    spec = {"serverless": {"cloud": "aws", "region": "us-east-1"}}
    patient = pc.with_options(timeout=1e6, deadline=1e6)
    for name in ("movies", "notes"):
        patient.create_index(name, spec=spec, dimension=8)
    emulator.clock.advance(60)
    for day in range(10):
        patient.create_backup("movies", name=f"nightly-2020-01-{day:02}")
        emulator.clock.advance(86_400)
    patient.create_backup("movies", name="by-hand")
    emulator.clock.advance(60)


def run(shell: Shell, script: str) -> subprocess.CompletedProcess[str]:
    path = f"{Path(COMMAND).parent}:/usr/bin:/bin"
    return subprocess.run(
        ["sh", "-c", script],
        capture_output=True,
        text=True,
        timeout=120,
        env={**shell.environment, "PATH": path},
        cwd=shell.environment["HOME"],
        check=False,
    )


def is_a_good_night(pc: Pinecone) -> bool:
    backups = list(pc.with_options(timeout=1e6, deadline=1e6).list_backups())
    names = [backup.name or "" for backup in backups]
    tonight = [name for name in names if not name.startswith("nightly-2020") and name != "by-hand"]
    return "by-hand" in names and len(set(tonight)) == 1 and len(tonight) == 2 and len(names) < 13


@pytest.mark.usefixtures("night")
def test_nightly_script_backs_up_prunes_and_checks(shell: Shell, pc: Pinecone) -> None:
    nightly, _ = in_language("sh")
    done = run(shell, nightly.text)
    assert done.returncode == 0, done.stderr
    assert is_a_good_night(pc)
    assert "2 indexes: 2 fresh, 0 not fresh" in done.stderr


@pytest.mark.usefixtures("night")
def test_weekly_script_rehearses(shell: Shell) -> None:
    nightly, weekly = in_language("sh")
    assert run(shell, nightly.text).returncode == 0
    done = run(shell, weekly.text)
    assert done.returncode == 0, done.stderr
    assert "2 rehearsed: 2 passed" in done.stderr
    assert Path(shell.environment["HOME"], "rehearsal.xml").exists()


@pytest.mark.usefixtures("night")
def test_cron_runs_both_scripts_with_nothing_but_what_the_crontab_sets(
    outside: Shell, url: str, pc: Pinecone, tmp_path: Path
) -> None:
    (crontab,) = in_language("crontab")
    assert "%" not in crontab.text
    settings = dict(re.findall(r"^([A-Z_]+)=(.*)$", crontab.text, re.MULTILINE))
    jobs = re.findall(r"^((?:[\d*]+ +){5})(\S.*)$", crontab.text, re.MULTILINE)
    assert len(settings) + len(jobs) == len(crontab.text.splitlines())
    for when, _ in jobs:
        fields = zip(when.split(), (59, 23, 31, 12, 7), strict=True)
        assert all(field == "*" or int(field) <= most for field, most in fields)

    home, installed = Path(outside.environment["HOME"]), tmp_path / "bin"
    installed.mkdir()
    (installed / "pinecone-control").symlink_to(COMMAND)
    for name, block in zip(("nightly.sh", "weekly.sh"), in_language("sh"), strict=True):
        (installed / name).write_text(block.text, "utf-8")
        (installed / name).chmod(0o755)
    profiles = home / ".config" / "pinecone-control" / "profiles.toml"
    profiles.parent.mkdir(parents=True)
    profiles.write_text(f'[default]\napi_key = "{KEY}"\nhost = "{url}"\n', "utf-8")
    profiles.chmod(0o600)
    path = settings.pop("PATH").replace("/usr/local/bin", str(installed))
    for _, command in jobs:
        done = subprocess.run(
            ["/bin/sh", "-c", command.replace("/usr/local/bin", str(installed))],
            capture_output=True,
            text=True,
            timeout=120,
            env={"HOME": str(home), "SHELL": "/bin/sh", "PATH": path, **settings},
            cwd=home,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    assert is_a_good_night(pc)
    assert (home / "rehearsal.xml").exists()


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_units_are_accepted_by_systemd(tmp_path: Path) -> None:
    service, timer = in_language("ini")
    # The script itself need not be there.
    text = service.text.replace("/usr/local/bin/nightly.sh", "-c true")
    (tmp_path / "pinecone-nightly.service").write_text(text, "utf-8")
    (tmp_path / "pinecone-nightly.timer").write_text(timer.text, "utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", tmp_path / "pinecone-nightly.timer"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "pinecone-nightly" not in done.stderr, done.stderr


def test_units_start_the_script_each_night() -> None:
    service, timer = (configparser.ConfigParser(), configparser.ConfigParser())
    for parser, block in zip((service, timer), in_language("ini"), strict=True):
        parser.optionxform = str  # type: ignore[method-assign, assignment]
        parser.read_string(block.text)
    assert service["Service"]["ExecStart"].endswith("nightly.sh")
    assert timer["Timer"]["Persistent"] == "true"


@pytest.mark.usefixtures("night")
def test_cron_job_of_kubernetes_runs(shell: Shell, pc: Pinecone) -> None:
    job = yaml_of("apiVersion")
    assert (job["apiVersion"], job["kind"]) == ("batch/v1", "CronJob")
    (container,) = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"]
    assert container["command"] == ["/bin/sh", "-c"]
    done = run(shell, container["args"][0])
    assert done.returncode == 0, done.stderr
    assert is_a_good_night(pc)


@pytest.mark.usefixtures("night")
def test_steps_of_github_actions_run(shell: Shell, pc: Pinecone) -> None:
    (job,) = yaml_of("jobs")["jobs"].values()
    for step in job["steps"]:
        done = run(shell, step["run"])
        assert done.returncode == 0, done.stderr
    assert is_a_good_night(pc)


def test_alert_names_metrics_that_there_are(shell: Shell, emulator: Emulator) -> None:
    emulator.seed("demo")
    words = ("backups", "check", "movies", "--max-age", "90d", "--format", "prometheus")
    metrics = set(re.findall(r"^# TYPE (\S+)", shell.run(*words).out, re.MULTILINE))
    rules = yaml_of("groups")["groups"][0]["rules"]
    named = re.findall(r"pinecone_\w+", " ".join(rule["expr"] for rule in rules))
    assert "pinecone_backup_fresh" in named
    assert set(named) <= metrics
