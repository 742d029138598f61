"""Many backups waited for together, the latest of an index, and how fresh backups are."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pinecone_control import (
    NotFoundError,
    OperationFailedError,
    Pinecone,
    PineconeValueError,
    WaitTimeoutError,
)
from pinecone_control.emulator import Emulator, EmulatorClock
from tests.support.both_clients import Driver

SPEC = {"serverless": {"cloud": "aws", "region": "us-east-1"}}
SETTINGS: dict[str, Any] = {
    "api_key": "key-of-the-project-of-the-test",
    "host": "http://emulator",
    # Emulated time goes by in any case.
    "timeout": 1e6,
    "deadline": 1e6,
}

Use = Callable[[Any], Any]


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with Emulator(seed="many", clock=EmulatorClock(speed=600)) as emulator:
        yield emulator


@pytest.fixture
def pc(emulator: Emulator) -> Iterator[Pinecone]:
    with Pinecone(transport=emulator.transport(), clock=emulator.clock, **SETTINGS) as pc:
        yield pc


@pytest.fixture(params=["sync", "asyncio", "trio"])
def call(request: pytest.FixtureRequest, emulator: Emulator) -> Callable[[Use], Any]:
    driver = Driver(request.param)
    transport = emulator.transport() if driver.kind == "sync" else emulator.async_transport()

    def made(use: Use) -> Any:
        return driver.call(use, transport=transport, clock=emulator.clock, **SETTINGS)

    return made


@pytest.fixture
def movies(pc: Pinecone) -> str:
    pc.create_index("movies", spec=SPEC, dimension=8, wait=True)
    return "movies"


def test_all_of_many_backups_are_waited_for_with_few_requests(
    call: Callable[[Use], Any], pc: Pinecone, emulator: Emulator, movies: str
) -> None:
    ids = [pc.create_backup(movies).backup_id for _ in range(20)]
    before = len(emulator.requests)
    seen: list[str] = []
    ready = call(lambda pc: pc.wait_for_backups(ids, on_update=lambda b: seen.append(b.status)))
    assert [backup.backup_id for backup in ready] == ids
    assert all(backup.is_ready for backup in ready)
    assert seen.count("Ready") == 20
    assert {request.operation for request in list(emulator.requests)[before:]} == {
        "list_project_backups"
    }


def test_one_that_fails_is_told_when_all_have_ended(
    call: Callable[[Use], Any], pc: Pinecone, emulator: Emulator, movies: str
) -> None:
    emulator.plan("backup", outcome="InitializationFailed", seconds=1)
    ids = [pc.create_backup(movies).backup_id for _ in range(3)]
    with pytest.raises(OperationFailedError) as caught:
        call(lambda pc: pc.wait_for_backups(ids))
    assert isinstance(caught.value.last, list)
    assert [backup.status for backup in caught.value.last] == [
        "InitializationFailed",
        "Ready",
        "Ready",
    ]


def test_wait_that_runs_out_of_time_has_all_that_were_seen(
    call: Callable[[Use], Any], pc: Pinecone, emulator: Emulator, movies: str
) -> None:
    emulator.plan("backup", seconds=9_000_000)
    ids = [pc.create_backup(movies).backup_id for _ in range(2)]
    with pytest.raises(WaitTimeoutError) as caught:
        call(lambda pc: pc.wait_for_backups(ids, timeout=60))
    assert isinstance(caught.value.last, list)
    assert {backup.status for backup in caught.value.last} == {"Initializing", "Ready"}


def test_no_backups_are_waited_for_without_a_request(
    call: Callable[[Use], Any], emulator: Emulator
) -> None:
    assert call(lambda pc: pc.wait_for_backups([])) == []
    assert len(emulator.requests) == 0


def test_one_string_is_refused(call: Callable[[Use], Any]) -> None:
    with pytest.raises(PineconeValueError, match="must be a list"):
        call(lambda pc: pc.wait_for_backups("abc"))


@pytest.mark.parametrize("given", [None, 5])
def test_what_is_not_several_is_refused(
    call: Callable[[Use], Any], emulator: Emulator, given: Any
) -> None:
    for wait in ("wait_for_backups", "wait_for_restore_jobs"):
        with pytest.raises(PineconeValueError, match="must be a list"):
            call(lambda pc, wait=wait: getattr(pc, wait)(given))
    assert len(emulator.requests) == 0


def test_one_model_is_not_several(call: Callable[[Use], Any], pc: Pinecone, movies: str) -> None:
    backup = pc.create_backup(movies, wait=True)
    with pytest.raises(PineconeValueError, match="must be a list"):
        call(lambda pc: pc.wait_for_backups(backup))


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        ({"max_age": 3600}, "max_age must be a timedelta"),
        ({"max_age": timedelta(1), "now": datetime(2026, 1, 1)}, "with a time zone"),  # noqa: DTZ001 - refused
        ({"max_age": timedelta(1), "now": "today"}, "with a time zone"),
        ({"max_age": timedelta(1), "min_count": "2"}, "min_count must be a whole number"),
    ],
)
def test_demands_that_no_age_can_be_compared_with_are_refused(
    call: Callable[[Use], Any], emulator: Emulator, bad: dict[str, Any], says: str
) -> None:
    with pytest.raises(PineconeValueError, match=says):
        call(lambda pc: pc.backup_freshness(**bad))
    assert len(emulator.requests) == 0


def test_latest_backup_is_the_newest_that_is_ready(
    call: Callable[[Use], Any], pc: Pinecone, emulator: Emulator, movies: str
) -> None:
    assert call(lambda pc: pc.latest_backup(movies)) is None
    pc.create_backup(movies, wait=True)
    emulator.clock.advance(3600)
    newest = pc.create_backup(movies, wait=True)
    emulator.clock.advance(3600)
    emulator.plan("backup", outcome="InitializationFailed", seconds=1)
    pc.create_backup(movies)
    emulator.clock.advance(60)
    assert call(lambda pc: pc.latest_backup(movies)).backup_id == newest.backup_id


def test_latest_backup_is_none_of_an_earlier_index_of_the_name(
    call: Callable[[Use], Any], pc: Pinecone, movies: str
) -> None:
    pc.create_backup(movies, wait=True)
    pc.delete_index(movies)
    pc.wait_for_index_deleted(movies)
    pc.create_index(movies, spec=SPEC, dimension=16, wait=True)
    assert call(lambda pc: pc.latest_backup(movies)) is None


def test_latest_backup_of_no_index_is_not_found(call: Callable[[Use], Any]) -> None:
    with pytest.raises(NotFoundError):
        call(lambda pc: pc.latest_backup("nothing"))


def test_freshness_counts_ages_by_the_client_s_clock(
    call: Callable[[Use], Any], pc: Pinecone, emulator: Emulator, movies: str
) -> None:
    pc.create_backup(movies, wait=True)
    emulator.clock.advance(7200)
    (fresh,) = call(lambda pc: pc.backup_freshness([movies], max_age=timedelta(hours=3)))
    assert timedelta(hours=2) <= fresh.age < timedelta(hours=3)


class WaitingNever:
    """A clock with the methods that every clock has, and no others."""

    def monotonic(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        pass

    async def async_sleep(self, seconds: float) -> None:
        pass


def test_freshness_counts_ages_in_real_time_where_the_clock_tells_none(
    emulator: Emulator, pc: Pinecone, movies: str
) -> None:
    pc.create_backup(movies, wait=True)
    (backup,) = pc.list_backups()
    with Pinecone(transport=emulator.transport(), clock=WaitingNever(), **SETTINGS) as other:
        (seen,) = other.backup_freshness([movies], max_age=timedelta(hours=3))
    assert abs(datetime.now(UTC) - backup.created_at - seen.age) < timedelta(minutes=1)


def test_freshness_tells_each_index_with_the_problem(
    call: Callable[[Use], Any], pc: Pinecone, movies: str
) -> None:
    pc.create_index("notes", spec=SPEC, dimension=8, wait=True)
    pc.create_index("bare", spec=SPEC, dimension=8, wait=True)
    made = datetime.now(UTC)
    for index in (movies, "notes"):
        pc.create_backup(index, wait=True)
    now = made + timedelta(hours=30)
    day = timedelta(hours=26)
    report = call(lambda pc: pc.backup_freshness(max_age=day, now=now))
    assert [(each.index_name, each.problem) for each in report] == [
        ("bare", "no ready backup"),
        ("movies", "too old"),
        ("notes", "too old"),
    ]
    (again,) = call(lambda pc: pc.backup_freshness([movies], max_age=2 * day, min_count=2, now=now))
    assert again.problem == "only 1 of 2 ready backups"
    assert not again.is_fresh
    (fresh,) = call(lambda pc: pc.backup_freshness([movies], max_age=2 * day, now=now))
    assert fresh.is_fresh
