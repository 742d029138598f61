"""200 indexes on a troubled service: nothing is deleted that a rule keeps, no copy stays."""

import json
import signal
from datetime import timedelta
from random import Random

import pytest

from pinecone_control import Pinecone
from pinecone_control.emulator import Emulator, Fault
from tests.cli.backup_data import SERVERLESS, copies
from tests.cli.shell import Shell, eventually, interrupt

pytestmark = pytest.mark.journey


COUNT = 200


@pytest.fixture
def speed() -> float:
    return 600


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


def test_prune_that_is_ended_at_random_moments_deletes_nothing_that_a_rule_keeps(
    shell: Shell, patient: Pinecone, emulator: Emulator, many: dict[str, list[str]]
) -> None:
    trouble(emulator)
    kept = {backup_id for ids in many.values() for backup_id in ids[:2]}
    words = ("backups", "prune", "--keep-daily", "2", "--yes", "-q")
    random, counts = Random(16), [3 * COUNT]
    codes = {signal.SIGKILL: -signal.SIGKILL, signal.SIGINT: 130, signal.SIGTERM: 143}
    for end in [*codes] * 3:
        moment = len(emulator.requests) + random.randint(1, 40)
        with shell.started(*words) as process:
            eventually(lambda moment=moment: len(emulator.requests) >= moment)
            process.send_signal(end)
            process.communicate()
        assert process.returncode == codes[end]
        left = {backup.backup_id for backup in patient.list_backups()}
        assert kept <= left
        counts.append(len(left))
    assert counts == sorted(counts, reverse=True)
    assert 2 * COUNT < counts[-1] < counts[0], "each run was ended in the midst of its work"
    until_done(shell, *words)
    assert {backup.backup_id for backup in patient.list_backups()} == kept


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
