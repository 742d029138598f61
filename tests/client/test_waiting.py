"""Waiting for what takes time, on a clock that is moved instead of slept through."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import anyio
import httpx
import pytest

from pinecone_control import (
    AsyncPinecone,
    NotFoundError,
    OperationFailedError,
    Pinecone,
    PineconeValueError,
    RetryPolicy,
    ServiceError,
    UnauthorizedError,
    WaitTimeoutError,
)
from pinecone_control.emulator import Emulator, Fault, ManualClock, Settings
from pinecone_control.models import Backup, Index, RestoreJob
from scripts.proofs.replay import Canned, replay
from tests.support.both_clients import Driver

SERVERLESS = {"serverless": {"cloud": "aws", "region": "us-east-1"}}


class World:
    """An emulator on a clock of its own, and a client that lives on the same clock."""

    def __init__(self, driver: Driver) -> None:
        self.driver = driver
        self.clock = ManualClock()
        self.emulator = Emulator(seed=1, clock=self.clock)
        self.owner = Pinecone(
            "k", "http://emulator", transport=self.emulator.transport(), clock=self.clock
        )

    def call(self, use: Any, **settings: Any) -> Any:
        transport = (
            self.emulator.transport()
            if self.driver.kind == "sync"
            else self.emulator.async_transport()
        )
        return self.driver.call(
            use,
            api_key="k",
            host="http://emulator",
            transport=transport,
            clock=self.clock,
            **settings,
        )

    def index(self, name: str = "docs") -> Index:
        return self.owner.create_index(name, spec=SERVERLESS, dimension=3, wait=True)

    def backup(self) -> Backup:
        self.index()
        return self.owner.create_backup("docs", name="nightly", wait=True)

    def restore(self, backup: Backup, name: str = "restored") -> str:
        return self.owner.create_index_from_backup(backup.backup_id, name=name).restore_job_id

    def asked(self, operation_path: str) -> int:
        return sum(each.path.startswith(operation_path) for each in self.emulator.requests)


@pytest.fixture
def world(driver: Driver) -> Iterator[World]:
    world = World(driver)
    with world.emulator, world.owner:
        yield world


def test_a_ten_minute_restore_is_waited_for_with_progress(world: World) -> None:
    backup = world.backup()
    world.emulator.plan("restore_job", seconds=600)
    job_id = world.restore(backup)
    seen: list[RestoreJob] = []

    started = world.clock.monotonic()
    job = world.call(lambda pc: pc.wait_for_restore_job(job_id, on_update=seen.append))
    took = world.clock.monotonic() - started

    assert job.succeeded
    assert 600 <= took <= 606
    assert [each.status for each in seen[:-1]] == ["Pending"] * (len(seen) - 1)
    progress = [each.percent_complete or 0 for each in seen]
    assert progress == sorted(progress)
    states = [(each.status, each.percent_complete) for each in seen]
    assert all(one != next_one for one, next_one in pairwise(states))
    assert len(states) > 10


def test_looks_are_quick_at_first_and_then_every_five_seconds(world: World) -> None:
    backup = world.backup()
    world.emulator.plan("restore_job", seconds=600)
    job_id = world.restore(backup)
    world.call(lambda pc: pc.wait_for_restore_job(job_id))

    assert 600 / 5 <= world.asked("/restore-jobs/") <= 600 / 4.5 + 10


def test_a_fixed_interval_is_kept(world: World) -> None:
    backup = world.backup()
    world.emulator.plan("restore_job", seconds=600)
    job_id = world.restore(backup)
    world.call(lambda pc: pc.wait_for_restore_job(job_id, poll_interval=60))

    assert world.asked("/restore-jobs/") == 11


@pytest.mark.parametrize("outcome", ["Failed", "Cancelled"])
def test_a_restore_that_ends_badly_raises_with_its_last_state(world: World, outcome: str) -> None:
    backup = world.backup()
    world.emulator.plan("restore_job", seconds=600, outcome=outcome, at_percent=40)
    job_id = world.restore(backup)

    with pytest.raises(OperationFailedError, match=outcome) as caught:
        world.call(lambda pc: pc.wait_for_restore_job(job_id))

    assert isinstance(caught.value.last, RestoreJob)
    assert caught.value.last.status == outcome


def test_a_wait_that_takes_too_long_raises_with_the_last_state(world: World) -> None:
    backup = world.backup()
    world.emulator.plan("restore_job", seconds=600)
    job_id = world.restore(backup)
    started = world.clock.monotonic()

    with pytest.raises(WaitTimeoutError, match=r"not ready .* 60 s; last state: Pending") as caught:
        world.call(lambda pc: pc.wait_for_restore_job(job_id, timeout=60))

    assert world.clock.monotonic() - started == pytest.approx(60, abs=0.5)
    assert isinstance(caught.value, TimeoutError)
    assert isinstance(caught.value.last, RestoreJob)
    assert caught.value.last.status == "Pending"


def test_a_fresh_job_that_is_unknown_for_a_moment_does_not_end_the_wait(world: World) -> None:
    job_id = world.restore(world.backup())
    world.emulator.faults.add(Fault(operation="describe_restore_job", status=404, times=3))

    assert world.call(lambda pc: pc.wait_for_restore_job(job_id)).succeeded


def test_a_job_that_stays_unknown_ends_the_wait_after_half_a_minute(world: World) -> None:
    started = world.clock.monotonic()

    with pytest.raises(NotFoundError):
        world.call(lambda pc: pc.wait_for_restore_job("no-such-job"))

    assert 30 <= world.clock.monotonic() - started <= 36


@pytest.mark.parametrize("listed", [False, True])
def test_one_unknown_job_of_many_ends_the_wait_after_half_a_minute(
    world: World, listed: bool
) -> None:
    jobs = [world.restore(world.backup())] if listed else []
    started = world.clock.monotonic()

    with pytest.raises(NotFoundError):
        world.call(lambda pc: pc.wait_for_restore_jobs([*jobs, "no-such-job"]))

    assert 30 <= world.clock.monotonic() - started <= 36


def test_a_wait_lasts_at_most_a_second_beyond_its_timeout(world: World) -> None:
    world.owner.create_index("docs", spec=SERVERLESS, dimension=3)
    started = world.clock.monotonic()
    seen = world.owner.describe_index("docs").to_dict()

    def answer(request: httpx.Request) -> httpx.Response:
        if world.clock.monotonic() == started:
            return httpx.Response(200, json=seen)
        world.clock.advance(0.1)
        raise httpx.ConnectError("connection refused", request=request)

    with pytest.raises(WaitTimeoutError):
        world.driver.call(
            lambda pc: pc.wait_for_index("docs", timeout=1.0, poll_interval=0.95),
            api_key="k",
            host="http://emulator",
            transport=httpx.MockTransport(answer),
            clock=world.clock,
            retry=RetryPolicy(attempts=1000, backoff=0.001, backoff_cap=0.001, budget=1000),
        )

    assert world.clock.monotonic() - started <= 2.2


def test_a_first_look_that_fails_for_good_is_raised_also_in_a_short_wait(world: World) -> None:
    world.emulator.faults.add(Fault(operation="describe_index", status=500, times=None))

    with pytest.raises(ServiceError):
        world.call(lambda pc: pc.wait_for_index("docs", timeout=60), retry=RetryPolicy(attempts=2))


def test_an_outage_in_the_middle_does_not_end_the_wait(world: World) -> None:
    backup = world.backup()
    world.emulator.plan("restore_job", seconds=600)
    job_id = world.restore(backup)

    outages: list[float] = []

    def cut(job: RestoreJob) -> None:
        if (job.percent_complete or 0) > 10 and not outages:
            outages.append(world.clock.monotonic())
            world.emulator.faults.add(Fault(operation="describe_restore_job", status=503, times=30))

    assert world.call(lambda pc: pc.wait_for_restore_job(job_id, on_update=cut)).succeeded
    answers = [each.status for each in world.emulator.requests]
    assert answers.count(503) == 30


def test_a_service_that_never_answers_well_ends_a_long_wait_early(world: World) -> None:
    world.emulator.faults.add(Fault(operation="describe_restore_job", status=500, times=None))

    with pytest.raises(ServiceError):
        world.call(lambda pc: pc.wait_for_restore_job("any", timeout=3600))


def test_retries_inside_a_wait_count_against_its_timeout(world: World) -> None:
    world.emulator.faults.add(
        Fault(operation="describe_restore_job", status=429, retry_after=20, times=None)
    )
    started = world.clock.monotonic()

    with pytest.raises(WaitTimeoutError, match="it was not seen"):
        world.call(lambda pc: pc.wait_for_restore_job("any", timeout=50))

    assert world.clock.monotonic() - started == pytest.approx(50, abs=1)


def test_a_retry_after_beyond_the_deadline_of_a_call_is_honoured(world: World) -> None:
    job_id = world.restore(world.backup())
    world.emulator.faults.add(
        Fault(operation="describe_restore_job", status=429, retry_after=300, times=1)
    )
    started = world.clock.monotonic()
    world.emulator.requests.clear()

    assert world.call(lambda pc: pc.wait_for_restore_job(job_id)).succeeded
    assert world.clock.monotonic() - started >= 300
    assert world.asked("/restore-jobs/") == 2


def test_a_retry_after_in_a_look_at_many_is_honoured(world: World) -> None:
    backup = world.backup()
    world.emulator.plan("restore_job", seconds=510)
    job_ids = [world.restore(backup, f"restored-{number}") for number in range(2)]
    turned_away: list[float] = []

    def turn_away(_: RestoreJob) -> None:
        if not turned_away:
            turned_away.append(world.clock.monotonic())
            world.emulator.requests.clear()
            world.emulator.faults.add(
                Fault(operation="list_restore_jobs", status=429, retry_after=500, times=1)
            )

    world.call(lambda pc: pc.wait_for_restore_jobs(job_ids, on_update=turn_away))

    assert world.clock.monotonic() - turned_away[0] >= 500
    assert world.asked("/restore-jobs") < 15


def test_a_retry_after_beyond_the_end_of_a_wait_is_the_last_look(world: World) -> None:
    world.emulator.faults.add(
        Fault(operation="describe_restore_job", status=503, retry_after=300, times=None)
    )

    with pytest.raises(WaitTimeoutError, match="503"):
        world.call(lambda pc: pc.wait_for_restore_job("any", timeout=6))

    assert world.asked("/restore-jobs/") == 1


def test_the_page_of_a_gateway_in_the_middle_does_not_end_a_wait(world: World) -> None:
    world.owner.create_index("docs", spec=SERVERLESS, dimension=3)
    page = Fault(operation="describe_index", status=404, body="<html>", times=3)

    def strike(_: Index) -> None:
        if page is not None and not struck:
            struck.append(True)
            world.emulator.faults.add(page)

    struck: list[bool] = []
    assert world.call(lambda pc: pc.wait_for_index("docs", on_update=strike)).is_ready
    assert [each.status for each in world.emulator.requests].count(404) == 3


def test_many_jobs_are_waited_for_by_listing(world: World) -> None:
    backup = world.backup()
    for number in range(150):
        world.emulator.plan("restore_job", seconds=10 + number)
        world.restore(backup, f"restored-{number}")
    ids = [job.restore_job_id for job in world.owner.list_restore_jobs()]
    world.emulator.requests.clear()
    seen: list[RestoreJob] = []

    jobs = world.call(lambda pc: pc.wait_for_restore_jobs(ids, on_update=seen.append))

    assert [job.restore_job_id for job in jobs] == ids
    assert all(job.succeeded for job in jobs)
    assert {job.restore_job_id for job in seen if job.succeeded} == set(ids)
    single = sum(10 + number for number in range(150)) / 5
    assert len(world.emulator.requests) < 0.05 * single
    assert world.asked("/restore-jobs/") == 0


def test_jobs_that_the_listing_leaves_out_are_described(world: World) -> None:
    backup = world.backup()
    first, second = world.restore(backup, "one"), world.restore(backup, "two")
    world.owner.wait_for_restore_jobs([first, second])
    world.emulator.settings = Settings(lists_jobs_of_deleted_indexes=False)
    world.owner.wait_for_index("one")
    world.owner.delete_index("one")
    world.owner.wait_for_index_deleted("one")
    listed = {job.restore_job_id for job in world.owner.list_restore_jobs()}
    world.emulator.requests.clear()

    jobs = world.call(lambda pc: pc.wait_for_restore_jobs([first, second, first]))

    assert first not in listed
    assert [job.restore_job_id for job in jobs] == [first, second]
    assert world.asked(f"/restore-jobs/{first}") == 1
    assert world.asked(f"/restore-jobs/{second}") == 0


def test_one_failed_job_of_many_raises_when_all_have_ended(world: World) -> None:
    backup = world.backup()
    world.emulator.plan("restore_job", seconds=10, outcome="Failed")
    failed = world.restore(backup, "one")
    world.emulator.plan("restore_job", seconds=300)
    completed = world.restore(backup, "two")

    with pytest.raises(OperationFailedError) as caught:
        world.call(lambda pc: pc.wait_for_restore_jobs([failed, completed]))

    last = caught.value.last
    assert isinstance(last, list)
    assert [job.status for job in last] == ["Failed", "Completed"]
    assert caught.value.what.startswith(
        f"restore job {failed} will not become ready: 1 failed, 1 ready "
    )


def test_one_job_that_cannot_be_seen_hides_none_of_the_others(world: World) -> None:
    backup = world.backup()
    world.emulator.plan("restore_job", seconds=600)
    known = world.restore(backup)

    with pytest.raises(WaitTimeoutError, match="1 not seen yet") as caught:
        world.call(lambda pc: pc.wait_for_restore_jobs([known, "no-such-job"], timeout=20))

    assert isinstance(caught.value.last, list)
    assert [job.restore_job_id for job in caught.value.last] == [known]


def test_every_request_of_a_look_ends_with_the_wait(world: World) -> None:
    world.emulator.seed("demo", restore_jobs=500, api_key="k")
    world.emulator.faults.add(
        Fault(operation="list_restore_jobs", status=429, retry_after=4, times=None)
    )
    started = world.clock.monotonic()

    with pytest.raises(WaitTimeoutError):
        world.call(lambda pc: pc.wait_for_restore_jobs(["a", "b"], timeout=10))

    assert world.clock.monotonic() - started <= 11.5


def test_a_wait_that_times_out_on_a_slow_server_blames_nobody(driver: Driver) -> None:
    with Emulator(seed=1) as emulator, emulator.serve() as server:
        emulator.plan("index", seconds=3600)
        emulator.faults.add(Fault(operation="describe_index", latency=0.05, times=None))
        with Pinecone("k", server.url) as owner:
            owner.create_index("docs", spec=SERVERLESS, dimension=3)
        with pytest.raises(WaitTimeoutError) as caught:
            driver.call(
                lambda pc: pc.wait_for_index("docs", timeout=0.3), api_key="k", host=server.url
            )

    assert caught.value.what.endswith("last state: Initializing")


@pytest.mark.parametrize("answer", [{"status": 408}, {"status": 200, "body": "<html>"}], ids=str)
def test_what_may_pass_in_the_middle_does_not_end_the_wait(
    world: World, answer: dict[str, Any]
) -> None:
    backup = world.backup()
    world.emulator.plan("restore_job", seconds=600)
    job_id = world.restore(backup)
    struck: list[bool] = []

    def strike(_: RestoreJob) -> None:
        if not struck:
            struck.append(True)
            world.emulator.faults.add(Fault(operation="describe_restore_job", times=12, **answer))

    assert world.call(lambda pc: pc.wait_for_restore_job(job_id, on_update=strike)).succeeded


def test_trouble_after_a_creation_says_that_it_succeeded(world: World) -> None:
    world.index()
    world.emulator.faults.add(Fault(operation="describe_backup", status=404, times=None))

    with pytest.raises(
        NotFoundError, match=r"was created, .* Continue to wait with wait_for_backup\('.*'\)"
    ):
        world.call(lambda pc: pc.create_backup("docs", wait=True))


@pytest.mark.parametrize("kind", ["index", "backup", "restored index"])
def test_a_404_right_after_a_creation_does_not_end_its_wait(world: World, kind: str) -> None:
    creations = {
        "index": lambda pc: pc.create_index("new", spec=SERVERLESS, dimension=3, wait=True),
        "backup": lambda pc: pc.create_backup("docs", wait=True),
        "restored index": lambda pc: pc.create_index_from_backup(
            backup.backup_id, name="new", wait=True
        ),
    }
    backup = world.backup()
    operation = "describe_backup" if kind == "backup" else "describe_index"
    world.emulator.faults.add(Fault(operation=operation, status=404, times=3))

    assert world.call(creations[kind]).is_ready


@pytest.mark.parametrize("kind", ["index", "restored index", "backup", "backups"])
def test_a_404_does_not_end_the_wait_for_what_a_call_has_shown(world: World, kind: str) -> None:
    backup = world.backup()
    restored = world.owner.wait_for_restore_job(world.restore(backup))
    index = world.owner.wait_for_index(restored)
    waits = {
        "index": lambda pc: pc.wait_for_index(index),
        "restored index": lambda pc: pc.wait_for_index(restored),
        "backup": lambda pc: pc.wait_for_backup(backup),
        "backups": lambda pc: pc.wait_for_backups(iter([backup])),
    }
    operation = "describe_backup" if kind.startswith("backup") else "describe_index"
    world.emulator.faults.add(Fault(operation=operation, status=404, times=2))
    world.emulator.faults.add(
        Fault(operation="list_project_backups", status=200, body='{"data": []}', times=2)
    )

    assert world.call(waits[kind])


@pytest.mark.parametrize("kind", ["index", "backup", "backups"])
def test_a_404_ends_the_wait_for_a_mere_name(world: World, kind: str) -> None:
    started = world.clock.monotonic()
    waits = {
        "index": lambda pc: pc.wait_for_index("none"),
        "backup": lambda pc: pc.wait_for_backup("none"),
        "backups": lambda pc: pc.wait_for_backups(["none"]),
    }

    with pytest.raises(NotFoundError):
        world.call(waits[kind])
    assert world.clock.monotonic() - started < 1


def test_a_404_for_half_a_minute_after_a_creation_ends_its_wait(world: World) -> None:
    world.emulator.faults.add(Fault(operation="describe_index", status=404, times=None))
    started = world.clock.monotonic()

    with pytest.raises(NotFoundError, match="was created"):
        world.call(lambda pc: pc.create_index("new", spec=SERVERLESS, dimension=3, wait=True))

    assert 30 <= world.clock.monotonic() - started <= 36


def test_an_index_that_was_made_again_meanwhile_is_not_the_created_one(world: World) -> None:
    class Meanwhile(ManualClock):
        def _nap(self, end: float) -> float:
            if world.owner.describe_index("new").dimension == 3:
                world.owner.delete_index("new")
                world.owner.create_index("new", spec=SERVERLESS, dimension=8)
            return super()._nap(end)

    world.emulator.settings = Settings(index_deletion_seconds=0)
    world.clock = Meanwhile()

    with pytest.raises(OperationFailedError, match="not the one that was created") as caught:
        world.call(lambda pc: pc.create_index("new", spec=SERVERLESS, dimension=3, wait=True))

    assert caught.value.last is not None
    assert caught.value.last.dimension == 8


def test_no_jobs_need_no_request(world: World) -> None:
    assert world.call(lambda pc: pc.wait_for_restore_jobs([])) == []
    assert world.asked("/") == 0


def test_an_index_is_waited_for_until_ready(world: World) -> None:
    world.owner.create_index("docs", spec=SERVERLESS, dimension=3)
    seen: list[str] = []

    index = world.call(
        lambda pc: pc.wait_for_index(
            "docs", on_update=lambda index: seen.append(index.status.state)
        )
    )

    assert index.is_ready
    assert seen == ["Initializing", "Ready"]


def test_an_index_whose_initialization_fails_raises_at_once(world: World) -> None:
    world.emulator.plan("index", seconds=30, outcome="InitializationFailed")
    world.owner.create_index("docs", spec=SERVERLESS, dimension=3)

    with pytest.raises(OperationFailedError, match="InitializationFailed"):
        world.call(lambda pc: pc.wait_for_index("docs", timeout=3600))

    assert world.clock.monotonic() < 60


def test_an_index_that_is_being_deleted_will_not_become_ready(world: World) -> None:
    world.index()
    world.emulator.settings = Settings(index_deletion_seconds=100)
    world.owner.delete_index("docs")

    with pytest.raises(OperationFailedError, match="Terminating"):
        world.call(lambda pc: pc.wait_for_index("docs"))


def test_a_deleted_index_is_waited_for_until_gone(world: World) -> None:
    world.index()
    world.emulator.settings = Settings(index_deletion_seconds=20)
    world.owner.delete_index("docs")
    seen: list[str | None] = []

    def note(index: Index | None) -> None:
        seen.append(None if index is None else index.status.state)

    assert world.call(lambda pc: pc.wait_for_index_deleted("docs", on_update=note)) is None
    assert seen == ["Terminating", None]


def test_an_index_that_was_deleted_and_made_again_is_gone(world: World) -> None:
    world.index()
    world.emulator.settings = Settings(index_deletion_seconds=20)
    world.owner.delete_index("docs")
    seen: list[str | None] = []

    def note(index: Index | None) -> None:
        seen.append(None if index is None else index.status.state)
        if index is not None:
            world.clock.advance(20)
            world.index()

    world.call(lambda pc: pc.wait_for_index_deleted("docs", on_update=note))

    assert seen == ["Terminating", None]
    assert world.owner.describe_index("docs").is_ready


def test_an_index_that_nobody_deletes_times_out(world: World) -> None:
    world.index()

    with pytest.raises(WaitTimeoutError, match=r"not gone .* 20 s; last state: Ready"):
        world.call(lambda pc: pc.wait_for_index_deleted("docs", timeout=20))


def test_a_backup_is_waited_for(world: World) -> None:
    world.index()
    world.emulator.plan("backup", seconds=300)
    backup = world.owner.create_backup("docs")

    assert world.call(lambda pc: pc.wait_for_backup(backup.backup_id)).is_ready
    assert world.clock.monotonic() >= 300


def test_a_backup_that_fails_raises(world: World) -> None:
    world.index()
    world.emulator.plan("backup", seconds=300, outcome="InitializationFailed")
    backup = world.owner.create_backup("docs")

    with pytest.raises(OperationFailedError, match="InitializationFailed"):
        world.call(lambda pc: pc.wait_for_backup(backup.backup_id))


def test_creating_and_waiting_is_one_line_each(world: World) -> None:
    def use(pc: Any) -> Any:
        index = pc.create_index("docs", spec=SERVERLESS, dimension=3, wait=True)
        backup = pc.create_backup("docs", wait=True)
        restored = pc.create_index_from_backup(backup.backup_id, name="copy", wait=True)
        return index, backup, restored

    async def use_async(pc: Any) -> Any:
        index = await pc.create_index("docs", spec=SERVERLESS, dimension=3, wait=True)
        backup = await pc.create_backup("docs", wait=True)
        restored = await pc.create_index_from_backup(backup.backup_id, name="copy", wait=True)
        return index, backup, restored

    index, backup, restored = world.call(use if world.driver.kind == "sync" else use_async)

    assert index.is_ready
    assert backup.is_ready
    assert restored.is_ready
    assert restored.name == "copy"
    assert restored.dimension == 3


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_cancelled_wait_leaves_nothing_running(backend: str) -> None:
    emulator = Emulator(seed=1)
    emulator.plan("index", seconds=3600)

    async def main() -> int:
        async with AsyncPinecone("k", "http://e", transport=emulator.async_transport()) as pc:
            await pc.create_index("docs", spec=SERVERLESS, dimension=3)
            with anyio.move_on_after(0.05) as scope:
                await pc.wait_for_index("docs")
            assert scope.cancelled_caught
            before = len(list(emulator.requests))
            await anyio.sleep(0.6)  # longer than the first pause between two looks
            assert await pc.has_index("docs")
            return len(list(emulator.requests)) - before

    with emulator:
        assert anyio.run(main, backend=backend) == 1


@pytest.mark.parametrize("bad", [0, -1, float("nan"), "60", True])
@pytest.mark.parametrize("argument", ["timeout", "poll_interval"])
def test_a_wait_that_cannot_work_is_refused(world: World, argument: str, bad: object) -> None:
    with pytest.raises(PineconeValueError, match=argument):
        world.call(lambda pc: pc.wait_for_restore_job("any", **{argument: bad}))

    assert world.asked("/") == 0


def test_jobs_that_a_listing_without_end_does_not_show_are_described(driver: Driver) -> None:
    def job(number: int) -> dict[str, Any]:
        return {
            "restore_job_id": f"job-{number}",
            "backup_id": "backup",
            "target_index_name": "restored",
            "target_index_id": "index",
            "status": "Completed",
            "created_at": "2025-05-15T13:59:51.439479+00:00",
        }

    same_token = Canned(body={"data": [job(1)], "pagination": {"next": "again"}})
    with replay(same_token, same_token, Canned(body=job(2))) as server:
        jobs = driver.call(
            lambda pc: pc.wait_for_restore_jobs(["job-1", "job-2"]), api_key="k", host=server.url
        )

    assert [each.restore_job_id for each in jobs] == ["job-1", "job-2"]
    assert [seen.path for seen in server.seen] == [
        "/restore-jobs",
        "/restore-jobs",
        "/restore-jobs/job-2",
    ]


def test_a_job_whose_id_the_server_spells_in_other_letters_is_waited_for(
    driver: Driver,
) -> None:
    job = {
        "restore_job_id": "0e0f",
        "backup_id": "backup",
        "target_index_name": "restored",
        "target_index_id": "index",
        "status": "Completed",
        "created_at": "2025-05-15T13:59:51.439479+00:00",
    }
    with replay(Canned(body={"data": []}), Canned(body=job)) as server:
        (ended,) = driver.call(
            lambda pc: pc.wait_for_restore_jobs(["0E0F"]), api_key="k", host=server.url
        )

    assert ended.restore_job_id == "0e0f"
    assert len(server.seen) == 2


@pytest.mark.parametrize("retry_after", ["0", "300"])
def test_a_final_error_ends_a_wait_at_once_even_with_a_retry_after(
    driver: Driver, retry_after: str
) -> None:
    body = {"status": 401, "error": {"code": "UNAUTHENTICATED", "message": "Invalid API key"}}
    with replay(Canned(401, body, {"retry-after": retry_after})) as server:
        for wait in (
            lambda pc: pc.wait_for_index("docs", timeout=1),
            lambda pc: pc.wait_for_backups(["one", "two"], timeout=1),
        ):
            with pytest.raises(UnauthorizedError):
                driver.call(wait, api_key="k", host=server.url)

    assert len(server.seen) == 2
