from collections import Counter

import pytest

from pinecone_control.emulator import Emulator, ScaledClock
from tests.emulator.steps import Api


def test_the_demo_holds_something_of_everything(api: Api) -> None:
    api.emulator.seed("demo")
    assert len(api.get("/indexes")["indexes"]) == 5
    backups = api.get("/backups", limit=100)["data"]
    assert Counter(b["status"] for b in backups) == {
        "Ready": 10,
        "InitializationFailed": 1,
        "Initializing": 1,
    }
    jobs = [j for page in api.pages("/restore-jobs", limit=100) for j in page["data"]]
    assert len(jobs) == 240
    statuses = Counter(job["status"] for job in jobs)
    assert statuses["Pending"] == 2
    assert set(statuses) == {"Completed", "Failed", "Cancelled", "Pending"}


def test_the_demos_jobs_are_listed_in_the_order_of_their_beginnings(api: Api) -> None:
    api.emulator.seed("demo")
    jobs = [j for page in api.pages("/restore-jobs", limit=100) for j in page["data"]]
    begun = [job["created_at"] for job in jobs]
    assert begun == sorted(begun, reverse=True)
    assert begun[-1] < "2025-04-22"


def test_the_demos_newest_job_completes_within_six_seconds_and_another_fails(api: Api) -> None:
    api.emulator.seed("demo")
    newest, other = api.get("/restore-jobs")["data"][:2]
    assert newest["status"] == other["status"] == "Pending"
    api.pass_time(6)
    assert api.job(newest)["status"] == "Completed"
    assert api.job(other)["status"] == "Failed"
    assert api.get(f"/indexes/{newest['target_index_name']}")["status"]["ready"] is True


@pytest.mark.parametrize("count", [0, 1, 2, 3, 1000])
def test_the_demo_has_as_many_jobs_as_asked_for(api: Api, count: int) -> None:
    api.emulator.seed("demo", restore_jobs=count)
    ids = {j["restore_job_id"] for p in api.pages("/restore-jobs", limit=100) for j in p["data"]}
    assert len(ids) == count


def test_every_project_gets_the_demo_when_it_is_first_seen(api: Api) -> None:
    api.emulator.seed("demo")
    api.pass_time(100)
    stranger = api.as_project("a key that nobody has used before")
    assert stranger.get("/restore-jobs")["data"][0]["status"] == "Pending"
    assert api.as_project("late").get("/restore-jobs")["data"][0]["status"] == "Pending"


def test_a_refused_first_request_begins_a_project_as_well(api: Api) -> None:
    api.emulator.seed("demo")
    stranger = api.as_project("stranger")
    assert stranger.call("GET", "/indexes/none").status_code == 404
    api.pass_time(100)
    assert stranger.get("/restore-jobs")["data"][0]["status"] == "Completed"


def test_the_demo_joins_what_is_there_and_comes_once(api: Api) -> None:
    api.index("mine")
    api.emulator.seed("demo")
    api.emulator.seed("demo", restore_jobs=3)
    assert len(api.get("/indexes")["indexes"]) == 6
    assert sum(len(page["data"]) for page in api.pages("/restore-jobs")) == 240


def test_the_demo_can_be_for_one_project(api: Api) -> None:
    api.emulator.seed("demo", api_key="key")
    assert len(api.get("/indexes")["indexes"]) == 5
    assert api.as_project("another").get("/indexes") == {"indexes": []}


def test_new_resources_go_on_after_the_demo(api: Api) -> None:
    api.emulator.seed("demo")
    job = api.restore_job()
    assert api.get("/restore-jobs")["data"][0] == job


def test_a_reset_forgets_everything(api: Api) -> None:
    api.emulator.seed("demo")
    api.emulator.plan("index", seconds=99)
    api.get("/indexes")
    api.emulator.reset()
    assert len(api.emulator.requests) == 0
    assert api.get("/indexes") == {"indexes": []}
    assert api.get("/restore-jobs") == {"data": [], "pagination": None}
    api.ready_index()


def test_the_demo_works_on_scaled_time() -> None:
    with Emulator(clock=ScaledClock(100)) as emulator:
        emulator.seed("demo", api_key="key")
        emulator.clock.sleep(6)


def test_another_sample_is_refused(api: Api) -> None:
    with pytest.raises(ValueError, match="demo"):
        api.emulator.seed("production")
    with pytest.raises(ValueError, match="restore_jobs"):
        api.emulator.seed("demo", restore_jobs=-1)
