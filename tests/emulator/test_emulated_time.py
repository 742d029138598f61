import time
from datetime import UTC, datetime

import anyio
import httpx
import pytest

from pinecone_control.clock import Clock  # noqa: TC001 - the annotation is what is tested
from pinecone_control.emulator import Emulator, ManualClock, RealClock, ScaledClock
from tests.emulator.steps import Api


def test_a_manual_clock_stands_still_until_it_is_advanced() -> None:
    clock = ManualClock(datetime(2025, 1, 1, tzinfo=UTC))
    assert clock.time() == clock.time() == datetime(2025, 1, 1, tzinfo=UTC).timestamp()
    clock.advance(0.25)
    assert (clock.monotonic(), clock.time() % 1) == (0.25, 0.25)


def test_whoever_sleeps_on_a_manual_clock_moves_it() -> None:
    clock: Clock = ManualClock()
    clock.sleep(600)
    assert clock.monotonic() == 600


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_sleeping_coroutines_move_a_manual_clock_too(backend: str) -> None:
    clock: Clock = ManualClock()
    anyio.run(clock.async_sleep, 600, backend=backend)
    assert clock.monotonic() == 600


def test_a_scaled_clock_runs_faster() -> None:
    clock = ScaledClock(1000)
    began = time.monotonic()
    clock.sleep(20)
    assert clock.monotonic() >= 20
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_coroutines_sleep_on_a_scaled_clock(backend: str) -> None:
    clock = ScaledClock(1000)
    anyio.run(clock.async_sleep, 20, backend=backend)
    assert clock.monotonic() >= 20


def test_a_real_clock_tells_the_time() -> None:
    assert abs(RealClock().time() - time.time()) < 5


def test_any_clock_can_jump_ahead() -> None:
    clock = RealClock()
    clock.advance(3600)
    assert clock.time() - time.time() > 3500


@pytest.mark.parametrize("seconds", [-1, float("nan"), float("inf")])
def test_time_never_goes_back(seconds: float) -> None:
    with pytest.raises(ValueError, match="advances"):
        ManualClock().advance(seconds)


@pytest.mark.parametrize("speed", [0, -1, float("nan"), float("inf")])
def test_a_clock_cannot_run_backwards(speed: float) -> None:
    with pytest.raises(ValueError, match="speed"):
        ScaledClock(speed)


def test_the_same_seed_gives_the_same_ids_and_times() -> None:
    def history() -> bytes:
        with Emulator(clock=ManualClock(), seed=7) as emulator:
            emulator.seed(restore_jobs=5)
            client = emulator.transport()
            request = httpx.Request("GET", "http://emulator/restore-jobs", headers={"Api-Key": "k"})
            return client.handle_request(request).read()

    assert history() == history()


def test_plans_are_used_up_in_turn_and_by_name(api: Api) -> None:
    api.emulator.plan("index", seconds=50, name="slow")
    api.emulator.plan("index", seconds=20, times=2)
    for name in ("a", "slow", "b", "c"):
        api.index(name)
    ready_after = {}
    for second in range(1, 60):
        api.pass_time(1)
        for index in api.get("/indexes")["indexes"]:
            if index["status"]["ready"]:
                ready_after.setdefault(index["name"], second)
    assert ready_after == {"a": 20, "slow": 50, "b": 20, "c": 1}


@pytest.mark.parametrize(
    "plan",
    [
        {"kind": "universe"},
        {"kind": "backup", "outcome": "Completed"},
        {"kind": "index", "seconds": -1},
        {"kind": "index", "seconds": float("nan")},
        {"kind": "index", "times": 0},
        {"kind": "index", "at_percent": 40},
        {"kind": "restore_job", "at_percent": 40},
        {"kind": "restore_job", "outcome": "Failed", "at_percent": 140},
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(api: Api, plan: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        api.emulator.plan(**plan)


def test_a_running_restore_can_be_ended_at_once(api: Api) -> None:
    job = api.restore_job()
    api.pass_time(4)
    api.emulator.finish(job["restore_job_id"], "Failed")
    assert api.job(job)["status"] == "Failed"
    assert api.job(job)["percent_complete"] == 40.0
    assert api.get("/indexes/restored")["status"]["state"] == "InitializationFailed"


def test_running_things_end_well_unless_told_otherwise(api: Api) -> None:
    api.index()
    api.emulator.finish("movies")
    backup = api.backup()["backup_id"]
    api.emulator.finish(backup)
    job = api.restore(backup)
    api.emulator.finish(job["restore_job_id"])
    assert api.job(job)["status"] == "Completed"
    assert api.get("/indexes/restored")["status"]["ready"] is True


@pytest.mark.parametrize("what", ["none", "movies"])
def test_only_what_is_under_way_can_be_ended(api: Api, what: str) -> None:
    api.ready_index()
    with pytest.raises(ValueError, match="in progress"):
        api.emulator.finish(what)


@pytest.mark.parametrize("seconds", [3e11, 1e308])
def test_time_does_not_pass_the_last_moment_that_can_be_written(api: Api, seconds: float) -> None:
    with pytest.raises(ValueError, match="year 9999"):
        api.emulator.clock.advance(seconds)

    assert api.client.get("/indexes").status_code == 200


def test_a_plan_beyond_a_hundred_years_is_refused(api: Api) -> None:
    with pytest.raises(ValueError, match="seconds"):
        api.emulator.plan("restore_job", seconds=1e300)


@pytest.mark.parametrize("outcome", ["Ready", "InitializationFailed", "Failed"])
def test_a_backup_can_end_in_every_documented_status(api: Api, outcome: str) -> None:
    api.emulator.plan("backup", outcome=outcome)
    assert api.ready_backup()["status"] == outcome


@pytest.mark.parametrize("outcome", ["Ready", "InitializationFailed", "Disabled"])
def test_an_index_can_end_in_every_documented_state(api: Api, outcome: str) -> None:
    api.emulator.plan("index", outcome=outcome)
    status = api.ready_index()["status"]
    assert status == {"ready": outcome == "Ready", "state": outcome}


@pytest.mark.parametrize("outcome", ["Completed", "Failed", "Cancelled"])
def test_a_restore_can_end_in_every_documented_status(api: Api, outcome: str) -> None:
    api.emulator.plan("restore_job", outcome=outcome)
    job = api.restore_job()
    api.pass_time(10)
    assert api.job(job)["status"] == outcome
