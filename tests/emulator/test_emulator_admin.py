"""The emulator's Python API is available over HTTP."""

import httpx
import pytest

from tests.emulator.steps import Api, refusal


def admin(api: Api, method: str, path: str, body: object = None) -> httpx.Response:
    response = api.as_project("").call(method, f"/_emulator/{path}", body)
    assert response.status_code == 200, response.text
    return response


def test_the_emulator_says_where_its_endpoints_are(api: Api) -> None:
    overview = admin(api, "GET", "").json()
    assert "/_emulator/clock" in overview["paths"]
    assert overview["time"] == "2025-06-01T12:00:00.000000Z"


def test_the_clock_can_be_moved(api: Api) -> None:
    api.index()
    moved = admin(api, "POST", "clock", {"advance": 60}).json()
    assert moved == {"time": "2025-06-01T12:01:00.000000Z", "speed": 0.0}
    assert admin(api, "GET", "clock").json() == moved
    assert api.get("/indexes/movies")["status"]["ready"] is True


def test_sample_data_can_be_added_and_everything_forgotten(api: Api) -> None:
    admin(api, "POST", "seed", {"name": "demo", "restore_jobs": 30})
    assert len(api.get("/restore-jobs", limit=100)["data"]) == 30
    admin(api, "POST", "reset")
    assert api.get("/restore-jobs")["data"] == []


def test_faults_can_be_added_listed_and_cleared(api: Api) -> None:
    fault = {"operation": "list_indexes", "status": 503, "retry_after": 2, "times": 2}
    listed = admin(api, "POST", "faults", fault).json()["faults"]
    assert listed[0]["operation"] == "list_indexes"
    assert api.call("GET", "/indexes").headers["retry-after"] == "2"
    assert admin(api, "DELETE", "faults").json() == {"faults": []}
    assert api.call("GET", "/indexes").status_code == 200


def test_plans_can_be_added_listed_and_cleared(api: Api) -> None:
    plan = {"kind": "restore_job", "seconds": 600, "outcome": "Failed", "at_percent": 40}
    assert admin(api, "POST", "plans", plan).json()["plans"][0]["at_percent"] == 40
    job = api.restore_job()
    admin(api, "POST", "clock", {"advance": 240})
    assert api.job(job)["status"] == "Failed"
    admin(api, "POST", "plans", plan)
    assert admin(api, "DELETE", "plans").json() == {"plans": []}


def test_what_runs_can_be_ended(api: Api) -> None:
    job = api.restore_job()
    admin(api, "POST", "finish", {"id": job["restore_job_id"], "outcome": "Cancelled"})
    assert api.job(job)["status"] == "Cancelled"


def test_the_request_log_can_be_read_and_cleared(api: Api) -> None:
    api.call("POST", "/indexes", {"name": "movies"})
    (record,) = admin(api, "GET", "requests").json()["requests"]
    assert (record["method"], record["path"], record["status"]) == ("POST", "/indexes", 422)
    assert "movies" in record["body"]
    assert "api-key" not in record["headers"]
    assert admin(api, "DELETE", "requests").json() == {"requests": []}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("clock", {"advance": -1}),
        ("clock", {}),
        ("clock", {"advance": "much"}),
        ("seed", {"name": "production"}),
        ("seed", {"restore_job": 5}),
        ("faults", {}),
        ("faults", {"staus": 503}),
        ("faults", {"status": 503, "operation": "none"}),
        ("plans", {"kind": "universe"}),
        ("plans", {"kind": "index", "secs": 5}),
        ("finish", {"id": "none"}),
        ("reset", []),
    ],
)
def test_what_makes_no_sense_is_a_400(api: Api, path: str, body: object) -> None:
    response = api.as_project("").call("POST", f"/_emulator/{path}", body)
    assert refusal(response)[:2] == (400, "INVALID_ARGUMENT")


def test_other_paths_and_methods_are_refused(api: Api) -> None:
    assert refusal(api.call("GET", "/_emulator/none"))[0] == 404
    response = api.call("GET", "/_emulator/reset")
    assert refusal(response)[0] == 405
    assert response.headers["allow"] == "POST"
