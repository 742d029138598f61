"""Each answer printed on the API reference page of `GET /restore-jobs`, replayed over a socket."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pinecone_control_api import API_VERSION
from scripts.proofs.replay import Canned, replay
from tests.support.both_clients import Driver


def job(**fields: Any) -> dict[str, Any]:
    return {
        "restore_job_id": "9857add2-99d4-4399-870e-aa7f15d8d326",
        "backup_id": "94a63aeb-efae-4f7a-b059-75d32c27ca57",
        "target_index_name": "restored-index",
        "target_index_id": "0d8aed24-adf8-4b77-8e10-fd674309dc85",
        "status": "Completed",
        "created_at": "2025-04-25T18:14:05.227526Z",
        "completed_at": "2025-04-25T18:14:11.074618Z",
        "percent_complete": 100,
    } | fields


ANOTHER = job(
    restore_job_id="69acc1d0-9105-4fcb-b1db-ebf97b285c5e",
    backup_id="8c85e612-ed1c-4f97-9f8c-8194e07bcf71",
    target_index_name="restored-index2",
    created_at="2025-05-14T17:25:59.378989Z",
    completed_at="2025-05-14T17:26:23.997284Z",
)
ANSWERS = {
    "curl: pagination is null": {"data": [job(), ANOTHER], "pagination": None},
    "C#: pagination is absent": {"data": [job(), ANOTHER]},
    "JavaScript: milliseconds": {
        "data": [
            job(created_at="2025-05-14T17:25:59.378Z", completed_at="2025-05-14T17:26:23.997Z")
        ]
    },
    "Go: four digits of a second": {
        "data": [
            job(created_at="2025-05-15T21:04:15.949067Z", completed_at="2025-05-15T21:04:34.2463Z")
        ],
        "pagination": None,
    },
    "Python: an offset instead of Z": {
        "data": [
            job(
                created_at="2025-05-15T13:59:51.439479+00:00",
                completed_at="2025-05-15T14:00:09.222998+00:00",
                percent_complete=100.0,
            )
        ],
        "pagination": None,
    },
    "contract: a page without a following one": {
        "data": [
            job(
                created_at="2024-03-15T10:30:00.000Z",
                completed_at="2024-03-15T10:35:00.000Z",
                target_index_id="idx_456",
            )
        ],
        "pagination": None,
    },
    "contract: no restore jobs": {"data": [], "pagination": None},
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS.keys())
def test_a_last_page_lists_its_jobs_with_aware_timestamps(
    driver: Driver, answer: dict[str, Any]
) -> None:
    with replay(Canned(body=answer)) as server:
        jobs = driver.drain(lambda pc: pc.list_restore_jobs(), api_key="k", host=server.url)

    assert [job.restore_job_id for job in jobs] == [row["restore_job_id"] for row in answer["data"]]
    for listed, row in zip(jobs, answer["data"], strict=True):
        assert listed.created_at == datetime.fromisoformat(row["created_at"])
        assert listed.created_at.utcoffset() == timedelta(0)
        assert listed.completed_at == datetime.fromisoformat(row["completed_at"])
        assert listed.to_dict() == row
    assert len(server.seen) == 1


@pytest.mark.parametrize(
    "token", ["eyJsaW1pdCI6MTAsIm9mZnNldCI6MTB9", "eyJza2lwX3Bhc3QiOiIxMDEwMy0=", "dXNlcl9pZA=="]
)
def test_a_page_with_a_token_leads_to_the_next_which_is_asked_for_by_the_token_alone(
    driver: Driver, token: str
) -> None:
    first = Canned(body={"data": [job()], "pagination": {"next": token}})
    last = Canned(body={"data": [ANOTHER], "pagination": None})
    with replay(first, last) as server:
        jobs = driver.drain(lambda pc: pc.list_restore_jobs(limit=2), api_key="k", host=server.url)

    assert [job.restore_job_id for job in jobs] == [
        "9857add2-99d4-4399-870e-aa7f15d8d326",
        ANOTHER["restore_job_id"],
    ]
    assert [seen.query for seen in server.seen] == [
        (("limit", "2"),),
        (("paginationToken", token),),
    ]


def test_four_digits_of_a_second_are_a_fraction(driver: Driver) -> None:
    answer = ANSWERS["Go: four digits of a second"]
    with replay(Canned(body=answer)) as server:
        (listed,) = driver.drain(lambda pc: pc.list_restore_jobs(), api_key="k", host=server.url)

    assert listed.completed_at == datetime(2025, 5, 15, 21, 4, 34, 246300, tzinfo=UTC)


def test_every_request_carries_key_version_and_user_agent(driver: Driver) -> None:
    with replay(Canned(body={"data": []})) as server:
        driver.drain(lambda pc: pc.list_restore_jobs(), api_key="the-key", host=server.url)

    (seen,) = server.seen
    assert (seen.method, seen.path, seen.query) == ("GET", "/restore-jobs", (("limit", "100"),))
    assert seen.headers["api-key"] == "the-key"
    assert seen.headers["x-pinecone-api-version"] == API_VERSION
    assert seen.headers["user-agent"].startswith("pinecone-control")


def test_the_python_example_of_the_reference_page_runs_with_only_the_import_changed() -> None:
    snippet = """
from pinecone_control import Pinecone

pc = Pinecone(api_key="YOUR_API_KEY")

restore_jobs = pc.list_restore_jobs()

print(restore_jobs)
"""
    answer = ANSWERS["Python: an offset instead of Z"]
    with replay(Canned(body=answer)) as server:
        printed = subprocess.run(
            [sys.executable, "-c", snippet],
            env={"PINECONE_CONTROLLER_HOST": server.url},
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    assert json.loads(printed) == answer["data"]
    assert printed.startswith('[\n    {\n        "restore_job_id": "9857add2')
