import re
import uuid

import pytest

from pinecone_control.emulator import Settings
from tests.emulator.steps import Api, refusal


def test_a_restore_job_is_pending_until_its_time_has_come(api: Api) -> None:
    api.emulator.plan("restore_job", seconds=600)
    job = api.restore_job()
    api.pass_time(599.999)
    assert api.job(job)["status"] == "Pending"
    api.pass_time(0.001)
    assert api.job(job)["status"] == "Completed"


def test_progress_is_reported_while_a_job_runs(api: Api) -> None:
    api.emulator.plan("restore_job", seconds=600)
    job = api.restore_job()
    api.pass_time(150)
    assert api.job(job)["percent_complete"] == 25.0


def test_progress_can_be_kept_back_until_a_job_has_completed(api: Api) -> None:
    api.emulator.settings = Settings(shows_progress=False)
    job = api.restore_job()
    assert "percent_complete" not in job
    api.pass_time(10)
    assert api.job(job)["percent_complete"] == 100.0


def test_a_completed_job_says_when_it_completed(api: Api) -> None:
    job = api.restore_job()
    assert "completed_at" not in job
    api.pass_time(60)
    done = api.job(job)
    assert done["created_at"] == "2025-06-01T12:00:04.000000Z"
    assert done["completed_at"] == "2025-06-01T12:00:14.000000Z"
    assert done["percent_complete"] == 100.0


def test_a_failed_job_keeps_the_progress_at_which_it_failed(api: Api) -> None:
    api.emulator.plan("restore_job", seconds=600, outcome="Failed", at_percent=40)
    job = api.restore_job()
    api.pass_time(239)
    assert api.job(job)["status"] == "Pending"
    api.pass_time(10_000)
    failed = api.job(job)
    assert (failed["status"], failed["percent_complete"]) == ("Failed", 40.0)
    assert "completed_at" not in failed


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        ("Completed", "Ready"),
        ("Failed", "InitializationFailed"),
        ("Cancelled", "InitializationFailed"),
    ],
)
def test_the_target_index_follows_its_restore_job(api: Api, outcome: str, state: str) -> None:
    api.emulator.plan("restore_job", outcome=outcome)
    job = api.restore_job()
    assert api.get("/indexes/restored")["status"] == {"ready": False, "state": "Initializing"}
    api.pass_time(10)
    assert api.job(job)["status"] == outcome
    assert api.get("/indexes/restored")["status"] == {"ready": state == "Ready", "state": state}


def test_deleting_the_target_index_cancels_the_job(api: Api) -> None:
    job = api.restore_job()
    assert api.call("DELETE", "/indexes/restored").status_code == 202
    assert api.job(job)["status"] == "Cancelled"


def test_a_job_is_described_after_its_target_index_was_deleted(api: Api) -> None:
    job = api.restore_job()
    api.pass_time(10)
    api.call("DELETE", "/indexes/restored")
    api.pass_time(1)
    assert api.job(job)["status"] == "Completed"


def test_a_job_names_its_backup_and_target(api: Api) -> None:
    backup = api.ready_backup()
    job = api.restore(backup["backup_id"], "copy")
    assert job["backup_id"] == backup["backup_id"]
    assert job["target_index_name"] == "copy"
    for name in ("restore_job_id", "backup_id", "target_index_id"):
        assert uuid.UUID(job[name]).version == 4


def test_times_have_six_digits_and_a_zone(api: Api) -> None:
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", api.restore_job()["created_at"])


def test_an_unknown_job_is_not_found(api: Api) -> None:
    status, code, message = refusal(api.call("GET", "/restore-jobs/none"))
    assert (status, code) == (404, "NOT_FOUND")
    assert "none" in message


def test_jobs_are_listed_from_the_newest(api: Api) -> None:
    backup = api.ready_backup()["backup_id"]
    for number in range(3):
        api.restore(backup, f"copy-{number}")
    listed = [job["target_index_name"] for job in api.get("/restore-jobs")["data"]]
    assert listed == ["copy-2", "copy-1", "copy-0"]


def test_an_empty_listing_is_its_own_last_page(api: Api) -> None:
    assert api.get("/restore-jobs") == {"data": [], "pagination": None}


def test_a_page_holds_ten_jobs_unless_told_otherwise(api: Api) -> None:
    api.emulator.seed(restore_jobs=25)
    assert [len(page["data"]) for page in api.pages("/restore-jobs")] == [10, 10, 5]


@pytest.mark.parametrize(("limit", "pages"), [(1, 30), (7, 5), (10, 3), (30, 1), (100, 1)])
def test_pages_of_any_size_show_every_job_once(api: Api, limit: int, pages: int) -> None:
    api.emulator.seed(restore_jobs=30)
    listed = list(api.pages("/restore-jobs", limit=limit))
    ids = [job["restore_job_id"] for page in listed for job in page["data"]]
    assert (len(listed), len(ids), len(set(ids))) == (pages, 30, 30)


def test_a_last_page_says_pagination_null(api: Api) -> None:
    api.emulator.seed(restore_jobs=20)
    first, last = api.pages("/restore-jobs")
    assert first["pagination"]["next"] == "eyJsaW1pdCI6MTAsIm9mZnNldCI6MTB9"
    assert last["pagination"] is None


def test_a_token_wins_over_a_limit_beside_it(api: Api) -> None:
    api.emulator.seed(restore_jobs=30)
    token = api.get("/restore-jobs", limit=4)["pagination"]["next"]
    assert len(api.get("/restore-jobs", paginationToken=token, limit=9)["data"]) == 4


def test_jobs_made_between_two_pages_shift_the_second(api: Api) -> None:
    backup = api.ready_backup()["backup_id"]
    for number in range(4):
        api.restore(backup, f"copy-{number}")
    first = api.get("/restore-jobs", limit=2)
    api.restore(backup, "late")
    second = api.get("/restore-jobs", paginationToken=first["pagination"]["next"])
    assert first["data"][-1] == second["data"][0]


def test_jobs_of_deleted_indexes_can_be_left_out_of_listings(api: Api) -> None:
    api.emulator.settings = Settings(lists_jobs_of_deleted_indexes=False)
    job = api.restore_job()
    assert api.get("/restore-jobs")["data"] == [job]
    api.call("DELETE", "/indexes/restored")
    api.pass_time(1)
    assert api.get("/restore-jobs")["data"] == []


@pytest.mark.parametrize("limit", ["0", "101", "-1", "abc", "1.5", "", "1e1", "٣", "9" * 50])
def test_a_limit_outside_1_to_100_is_refused_with_what_is_allowed(api: Api, limit: str) -> None:
    status, code, message = refusal(api.call("GET", "/restore-jobs", limit=limit))
    assert (status, code) == (400, "INVALID_ARGUMENT")
    assert "1 to 100" in message
    assert limit[:40] in message


@pytest.mark.parametrize(
    "token",
    [
        "!",
        "eyJ",
        "bm90IGpzb24=",
        "W10=",
        "eyJza2lwX3Bhc3QiOiIxMDEwMy0ifQ==",
        "eyJsaW1pdCI6MCwib2Zmc2V0IjowfQ==",
        "eyJsaW1pdCI6MSwib2Zmc2V0IjotMX0=",
        "A" * 5000,
    ],
)
def test_a_malformed_token_is_refused(api: Api, token: str) -> None:
    status, code, message = refusal(api.call("GET", "/restore-jobs", paginationToken=token))
    assert (status, code) == (400, "INVALID_ARGUMENT")
    assert "paginationToken" in message


def test_an_empty_token_means_the_first_page(api: Api) -> None:
    job = api.restore_job()
    assert api.get("/restore-jobs", paginationToken="")["data"] == [job]


def test_a_token_past_the_end_is_an_empty_last_page(api: Api) -> None:
    token = "eyJsaW1pdCI6MTAsIm9mZnNldCI6NTAwfQ=="
    assert api.get("/restore-jobs", paginationToken=token) == {"data": [], "pagination": None}
