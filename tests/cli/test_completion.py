"""A shell completes what the service, the profiles and the contract have."""

from pathlib import Path

import pytest

from pinecone_control import Pinecone
from pinecone_control.emulator import Emulator
from tests.cli.shell import Shell

pytestmark = pytest.mark.journey


@pytest.fixture(autouse=True)
def _sample(emulator: Emulator) -> None:
    emulator.seed("demo", restore_jobs=4)


def completed(shell: Shell, line: str) -> list[str]:
    """What bash offers for the last word of a line."""
    ended = shell.run(
        _PINECONE_CONTROL_COMPLETE="bash_complete",
        COMP_WORDS=f"pinecone-control {line}",
        COMP_CWORD=str(len(line.split(" "))),
    )
    assert ended.err == ""
    return [each.partition(",")[2] for each in ended.lines if each]


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("indexes describe mov", ["movies", "movies-rehearsal", "movies-restored"]),
        ("index get supp", ["support-tickets"]),
        ("backups create leg", ["legacy-catalog"]),
        ("backups restore --latest supp", ["support-tickets"]),
        ("backups list --index supp", ["support-tickets"]),
        ("restore-jobs list --status C", ["Completed", "Cancelled"]),
        ("backups list --columns name,sta", ["name,status"]),
        ("backups list --sort name,-crea", ["name,-created_at"]),
        ("backups list --since 20", []),
        ("backups list -o j", ["json", "jsonl"]),
    ],
)
def test_names_and_words_are_offered(shell: Shell, line: str, offered: list[str]) -> None:
    assert completed(shell, line) == offered


def test_ids_are_offered(shell: Shell, pc: Pinecone) -> None:
    backup = pc.list_backups().data[0].backup_id
    job = pc.list_restore_jobs().data[0].restore_job_id
    assert completed(shell, f"backups describe {backup[:8]}") == [backup]
    assert completed(shell, f"restore-jobs wait {job[:8]}") == [job]


def test_profiles_are_offered(outside: Shell) -> None:
    path = Path(outside.environment["XDG_CONFIG_HOME"], "pinecone-control", "profiles.toml")
    path.parent.mkdir(parents=True)
    path.write_text('[staging]\napi_key = "k"\n[production]\napi_key = "k"\n', "utf-8")
    path.chmod(0o600)
    assert completed(outside, "indexes list --profile st") == ["staging"]


def test_service_that_does_not_answer_offers_nothing_and_says_nothing(outside: Shell) -> None:
    assert completed(outside, "indexes describe mov") == []
