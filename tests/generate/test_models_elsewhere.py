"""Models in other people's tools: JSON, tables, notebooks, pydantic, FastAPI."""

from __future__ import annotations

import asyncio
import copy
import datetime as dt
import json
import re
import sys
from typing import Annotated, Any

import attrs
import httpx
import pytest
from fastapi import Body, FastAPI
from pydantic import BaseModel, TypeAdapter, ValidationError

from pinecone_control_api.base import Model, ModelError
from pinecone_control_api.models import Backup, Index, Pagination, RestoreJob, ServerlessSpec
from pinecone_control_api.notebook import html_of_many

JOB = {
    "restore_job_id": "06b08366-a0a9-404d-96c2-e791c71743e5",
    "backup_id": "95707edb-e482-49cf-b5a5-312219a51a97",
    "target_index_name": "naïve\nname",
    "target_index_id": "027aff93-de40-4f48-a573-6dbcd654f961",
    "status": "Completed",
    "created_at": "2025-05-15T13:59:51.4394Z",
    "completed_at": None,
    "priority": {"level": [1, None]},
}
# Later versions of the contract require it; in earlier ones it is an unknown field.
READ_CAPACITY = {"mode": "OnDemand", "status": {"state": "Ready"}}
INDEX = {
    "name": "movies",
    "metric": "cosine",
    "host": "movies.svc",
    "vector_type": "dense",
    "dimension": 3,
    "spec": {"serverless": {"cloud": "aws", "region": "us-east-1", "read_capacity": READ_CAPACITY}},
    "status": {"ready": True, "state": "Ready"},
    "tags": {"team": "search", "env": "<b>"},
}
BACKUP = {
    "backup_id": "b",
    "source_index_name": "movies",
    "source_index_id": "1",
    "status": "Ready",
    "cloud": "aws",
    "region": "us-east-1",
    "size_bytes": 10_000_000,
    "created_at": "2025-06-02T07:15:09.48211Z",
}
MODELS = [RestoreJob.from_dict(JOB), Index.from_dict(INDEX), Backup.from_dict(BACKUP)]
job = MODELS[0]


# ----------------------------------------------------------------------------------------- replace


@pytest.mark.parametrize("model", MODELS, ids=lambda model: type(model).__name__)
def test_replacing_nothing_gives_an_equal_model_with_the_same_wire_form(model: Model) -> None:
    assert model.replace() == model
    assert json.dumps(model.replace().to_dict()) == json.dumps(model.to_dict())


def test_replace_keeps_unknown_fields_nulls_and_spellings() -> None:
    assert job.replace(status="Failed").to_dict() == {**JOB, "status": "Failed"}


def test_replace_takes_datetimes_and_models() -> None:
    moment = dt.datetime(2025, 1, 2, tzinfo=dt.timezone(dt.timedelta(hours=1)))
    assert job.replace(completed_at=moment).to_dict()["completed_at"] == "2025-01-01T23:00:00Z"
    index = Index.from_dict(INDEX)
    stopped = index.replace(status=index.status.replace(ready=False))
    assert not stopped.is_ready
    assert stopped.to_dict() == {**INDEX, "status": {"ready": False, "state": "Ready"}}


def test_none_takes_a_field_away() -> None:
    backup = Backup.from_dict(BACKUP).replace(size_bytes=None)
    assert backup.size_bytes is None
    assert "size_bytes" not in backup.to_dict()


def test_replace_refuses_a_field_that_does_not_exist_and_a_value_that_does_not_fit() -> None:
    with pytest.raises(TypeError, match="RestoreJob has no field priority"):
        job.replace(priority=1)
    with pytest.raises(ModelError, match=r"expected `str`, got `int` at \$\.status"):
        job.replace(status=4)
    with pytest.raises(ModelError, match="missing required field `status`"):
        job.replace(status=None)


def test_replace_of_a_model_made_by_hand_changes_its_fields() -> None:
    made = Pagination(next="a")
    assert made.replace() == made
    assert made.replace(next="b") == Pagination(next="b")
    with pytest.raises(ModelError, match="missing required field `region`"):
        ServerlessSpec(cloud="aws", region="us-east-1").replace(region=None)


@pytest.mark.skipif(sys.version_info < (3, 13), reason="copy.replace is new in Python 3.13")
def test_copy_replace_keeps_what_replace_keeps() -> None:
    replaced = copy.replace(job, status="Failed")  # type: ignore[attr-defined]
    assert replaced.to_dict() == {**JOB, "status": "Failed"}


# -------------------------------------------------------------------------------------------- JSON


@pytest.mark.parametrize("model", MODELS, ids=lambda model: type(model).__name__)
def test_to_json_is_one_line_that_from_json_reads(model: Model) -> None:
    text = model.to_json()
    assert "\n" not in text
    assert json.loads(text) == model.to_dict()
    assert type(model).from_json(text) == model
    assert type(model).from_json(text.encode()).to_json() == text


@pytest.mark.parametrize("content", [None, 3, job, '{"status": "\ud800"}'], ids=repr)
def test_from_json_refuses_whatever_is_not_json_text(content: object) -> None:
    with pytest.raises(ModelError, match=r"^RestoreJob: "):
        RestoreJob.from_json(content)  # type: ignore[arg-type]


def test_to_json_refuses_what_json_cannot_say() -> None:
    with pytest.raises(ModelError, match="RestoreJob: not JSON: "):
        attrs.evolve(job, percent_complete=float("nan")).to_json()  # type: ignore[misc]


def test_json_dumps_takes_models_with_to_dict_as_default() -> None:
    assert json.loads(json.dumps({"all": MODELS}, default=Model.to_dict)) == {
        "all": [JOB, INDEX, BACKUP]
    }


# ------------------------------------------------------------------------------------------ tables


def test_fields_of_models_make_the_rows_of_a_table() -> None:
    rows = list(map(attrs.asdict, [RestoreJob.from_dict(JOB)] * 2))
    assert rows[0].keys() == rows[1].keys()
    assert rows[0]["created_at"] == dt.datetime(2025, 5, 15, 13, 59, 51, 439400, tzinfo=dt.UTC)
    assert rows[0]["percent_complete"] is None


def test_every_timestamp_of_a_model_is_an_aware_datetime() -> None:
    made = Backup.from_dict(BACKUP)
    assert made.created_at == dt.datetime(2025, 6, 2, 7, 15, 9, 482110, tzinfo=dt.UTC)
    assert made.to_dict()["created_at"] == BACKUP["created_at"]


def test_notebook_shows_nested_values_as_text_and_escapes_them() -> None:
    table = Index.from_dict(INDEX)._repr_html_()
    spec = "serverless: cloud: aws, region: us-east-1(, read_capacity: [^<]*)?"
    assert re.search(f"<th>spec</th><td>{spec}</td>", table)
    assert "<th>tags</th><td>team: search, env: &lt;b&gt;</td>" in table


def test_notebook_shows_timestamps_and_unknown_fields() -> None:
    table = job._repr_html_()
    assert "<th>created_at</th><td>2025-05-15 13:59:51 UTC</td>" in table
    assert "<th>priority</th><td>level: 1, </td>" in table


def test_notebook_shows_a_page_with_the_columns_that_tell_most() -> None:
    table = html_of_many([Backup.from_dict(BACKUP)])
    assert table.startswith("<table><tr><th>backup_id</th><th>status</th>")
    assert "<td>10.0 MB</td><td>2025-06-02 07:15:09 UTC</td>" in table
    assert "region" not in table
    assert "<td>Ready</td>" in html_of_many([Index.from_dict(INDEX)])
    assert html_of_many([]) == "<table><tr></tr></table>"


def test_dir_shows_what_is_public() -> None:
    assert not [name for name in dir(job) if name.startswith("_")]
    assert {"status", "is_done", "to_json", "additional_properties"} <= set(dir(job))


# ---------------------------------------------------------------------------- pydantic and FastAPI


class Report(BaseModel):
    latest: RestoreJob
    by_name: dict[str, Index] = {}


def test_pydantic_reads_and_writes_models_in_the_form_of_the_wire() -> None:
    report = Report.model_validate({"latest": JOB, "by_name": {"movies": INDEX}})
    assert report.latest == job
    assert report.model_dump() == {"latest": JOB, "by_name": {"movies": INDEX}}
    assert Report.model_validate_json(report.model_dump_json()) == report
    assert Report(latest=RestoreJob.from_dict(JOB)).latest == job


def test_pydantic_names_what_does_not_fit() -> None:
    with pytest.raises(ValidationError, match="missing required field `backup_id`"):
        TypeAdapter(RestoreJob).validate_python({"restore_job_id": "1"})


def test_pydantic_knows_the_json_schema_of_a_model() -> None:
    schema = TypeAdapter(Index).json_schema()
    assert "name" in schema["required"]
    assert schema["properties"]["status"]["properties"]["ready"] == {"type": "boolean"}


app = FastAPI()


@app.get("/jobs")
def jobs() -> list[RestoreJob]:
    return [RestoreJob.from_dict(JOB)]


@app.post("/jobs")
def take(given: Annotated[RestoreJob, Body()]) -> RestoreJob:
    return given


def ask(method: str, path: str, **body: Any) -> httpx.Response:
    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://app") as client:
            return await client.request(method, path, **body)

    return asyncio.run(asked())


def test_fastapi_answers_with_models() -> None:
    assert ask("GET", "/jobs").json() == [JOB]


def test_fastapi_takes_models_as_bodies() -> None:
    assert ask("POST", "/jobs", json=JOB).json() == JOB
    refused = ask("POST", "/jobs", json={**JOB, "status": 4})
    assert refused.status_code == 422
    assert "expected `str`, got `int` at $.status" in refused.text


def test_fastapi_documents_models() -> None:
    answer = ask("GET", "/openapi.json").json()["paths"]["/jobs"]["get"]["responses"]["200"]
    items = answer["content"]["application/json"]["schema"]["items"]
    assert items["title"] == "RestoreJob"
    assert items["properties"]["created_at"] == {"type": "string", "format": "date-time"}
