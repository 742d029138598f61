"""The generated models: what they read, what they keep, what they say when something is wrong."""

from __future__ import annotations

import contextlib
import copy
import datetime as dt
import importlib
import json
import pickle
import subprocess
import sys
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import pinecone_control_api
from pinecone_control.contract.document import dereference, operations
from pinecone_control_api.base import Model, ModelError, UnparsableResponse
from pinecone_control_api.models import (
    Backup,
    BackupList,
    Collection,
    ConfigureIndexRequest,
    ConfigureIndexSpec,
    ConfigurePodSpec,
    CreateIndexRequest,
    Index,
    IndexSpec,
    IndexTags,
    Pagination,
    RestoreJob,
    RestoreJobList,
    ServerlessSpec,
)
from scripts.proofs.completed_answers import completed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypothesis.strategies import SearchStrategy

CONTRACT: dict[str, Any] = json.loads(
    resources.files(pinecone_control_api).joinpath("contract.json").read_text(encoding="utf-8")
)
SCHEMAS: dict[str, Any] = CONTRACT["components"]["schemas"]
CLASSES = {
    "BackupModel": "Backup",
    "CollectionModel": "Collection",
    "IndexModel": "Index",
    "PaginationResponse": "Pagination",
    "RestoreJobModel": "RestoreJob",
}

JOB = {
    "restore_job_id": "06b08366-a0a9-404d-96c2-e791c71743e5",
    "backup_id": "95707edb-e482-49cf-b5a5-312219a51a97",
    "target_index_name": "restored-index",
    "target_index_id": "027aff93-de40-4f48-a573-6dbcd654f961",
    "status": "Completed",
    "created_at": "2025-05-15T13:59:51.439479+00:00",
    "completed_at": "2025-05-15T14:00:09.222998+00:00",
    "percent_complete": 100.0,
}


def job(**changes: Any) -> RestoreJob:
    return RestoreJob.from_dict({**JOB, **changes})


def model_of(schema: str) -> Any:
    models = importlib.import_module("pinecone_control_api.models")
    return getattr(models, CLASSES.get(schema, schema))


# ---------------------------------------------------------------------------- reading and writing


def examples() -> Iterator[tuple[str, str, Any]]:
    """Each example of a body in the contract: where, of which schema, and its value."""
    for operation in operations(CONTRACT):
        definition = operation.definition
        bodies = {"request": definition.get("requestBody", {}), **definition["responses"]}
        for name, body in bodies.items():
            content = dereference(CONTRACT, body).get("content", {}).get("application/json", {})
            schema = content.get("schema", {}).get("$ref", "").rsplit("/", 1)[-1]
            for title, example in content.get("examples", {}).items():
                yield f"{operation.operation_id} {name} {title}", schema, example["value"]
    for name, schema in SCHEMAS.items():
        if "example" in schema and schema.get("properties"):
            yield name, name, schema["example"]


EXAMPLES = list(examples())


@pytest.mark.api_version("2025-04")
def test_contract_has_an_example_of_each_successful_body() -> None:
    bodies = {operation.operation_id for operation in operations(CONTRACT)}
    without_body = {"delete_index", "delete_backup", "delete_collection"}
    shown = {name.split()[0] for name, _, _ in EXAMPLES if " 2" in name}
    assert bodies - without_body <= shown


@pytest.mark.parametrize(
    ("schema", "wire"),
    [pytest.param(schema, wire, id=name) for name, schema, wire in EXAMPLES],
)
def test_example_of_the_contract_comes_back_as_it_was(schema: str, wire: Any) -> None:
    model = model_of(schema)
    assert model.from_dict(wire).to_dict() == wire
    assert model.from_json(json.dumps(wire).encode()).to_dict() == wire


TEXT = st.text(max_size=20)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=5,
)
TIMESTAMPS = st.builds(
    lambda moment, digits, zone: f"{moment:%Y-%m-%dT%H:%M:%S}{digits and '.' + digits}{zone}",
    st.datetimes(min_value=dt.datetime(1990, 1, 1), max_value=dt.datetime(2200, 1, 1)),  # noqa: DTZ001
    st.text("0123456789", max_size=9),
    st.sampled_from(["Z", "+00:00", "-07:30", "+05:45", "z", ""]),
)
SCALARS: dict[str | None, SearchStrategy[Any]] = {
    "string": TEXT,
    "integer": st.integers(),
    "number": st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**53), 2**53),
    "boolean": st.booleans(),
}


def values(schema: dict[str, Any]) -> SearchStrategy[Any]:
    """What a server may send for a schema: constraints apart, with nulls and unknown fields."""
    schema = dereference(CONTRACT, schema)
    for word in ("anyOf", "oneOf"):
        # Beside properties they only say which of these go together.
        if word in schema and not schema.get("properties"):
            return st.one_of(*(values(member) for member in schema[word]))
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if schema.get("nullable"):
        return st.none() | values({**schema, "nullable": False})
    if schema.get("properties"):
        required = schema.get("required", [])
        fields = {name: values(value) for name, value in schema["properties"].items()}
        known = st.fixed_dictionaries(
            {name: fields[name] for name in required},
            optional={name: fields[name] for name in fields if name not in required},
        )
        unknown = st.dictionaries(
            st.from_regex(r"new_[a-z]{1,5}", fullmatch=True), JSON, max_size=2
        )
        return st.builds(lambda fixed, more: {**more, **fixed}, known, unknown)
    if schema["type"] == "array":
        return st.lists(values(schema["items"]), max_size=3)
    if schema["type"] == "object":
        members = schema.get("additionalProperties")
        return st.dictionaries(TEXT, values(members) if members else JSON, max_size=3)
    return TIMESTAMPS if schema.get("format") == "date-time" else SCALARS[schema["type"]]


OBJECTS = sorted(name for name, schema in SCHEMAS.items() if schema.get("properties"))


@pytest.mark.parametrize("schema", OBJECTS)
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whatever_fits_the_schema_comes_back_as_it_was(schema: str, data: st.DataObject) -> None:
    wire = data.draw(values(SCHEMAS[schema]))
    model = model_of(schema).from_dict(wire)
    assert model.to_dict() == wire
    assert json.dumps(model.to_dict()) == json.dumps(wire)
    assert pickle.loads(pickle.dumps(model)).to_dict() == wire


def test_byte_order_mark_is_skipped() -> None:
    assert RestoreJob.from_json(b"\xef\xbb\xbf" + json.dumps(JOB).encode()) == job()


def test_model_does_not_follow_later_changes_of_what_it_was_read_from() -> None:
    wire = {"data": [dict(JOB)], "more": {"deep": [1]}}
    jobs = RestoreJobList.from_dict(wire)
    wire["data"].clear()  # type: ignore[attr-defined]
    wire["more"]["deep"].append(2)  # type: ignore[call-overload]
    assert jobs.to_dict() == {"data": [JOB], "more": {"deep": [1]}}


def test_model_does_not_follow_changes_of_what_it_gave() -> None:
    jobs = RestoreJobList.from_dict({"data": [JOB]})
    jobs.to_dict()["data"].clear()
    assert jobs.to_dict() == {"data": [JOB]}


# ------------------------------------------------------------------------------ null and unknown


@pytest.mark.parametrize("last_page", [{"data": [], "pagination": None}, {"data": []}])
def test_last_page_may_say_null_or_nothing(last_page: dict[str, Any]) -> None:
    assert RestoreJobList.from_dict(last_page).pagination is None
    assert RestoreJobList.from_dict(last_page).to_dict() == last_page
    assert BackupList.from_dict(last_page).pagination is None


def test_token_of_the_next_page_is_read() -> None:
    page = RestoreJobList.from_dict({"data": [], "pagination": {"next": "eyJ=="}})
    assert page.pagination == Pagination(next="eyJ==")


def test_unknown_value_of_an_enum_is_kept() -> None:
    assert job(status="Paused").status == "Paused"
    collection = Collection.from_dict({"name": "c", "status": "Frozen", "environment": "e"})
    assert collection.status == "Frozen"


def test_unknown_fields_are_kept_and_listed() -> None:
    read = job(priority="high", progress={"files": [1, 2]})
    assert read.additional_properties == {"priority": "high", "progress": {"files": [1, 2]}}
    assert read.to_dict()["priority"] == "high"


def test_unknown_fields_of_nested_models_are_kept_and_listed() -> None:
    jobs = RestoreJobList.from_dict({"data": [{**JOB, "priority": 1}], "pagination": None})
    assert jobs.data[0].additional_properties == {"priority": 1}
    assert jobs.additional_properties == {}


def test_labels_are_a_plain_dict() -> None:
    backup = Backup.from_dict(
        {
            "backup_id": "b",
            "source_index_name": "i",
            "source_index_id": "1",
            "status": "Ready",
            "cloud": "aws",
            "region": "us-east-1",
            "tags": {"team": "search"},
        }
    )
    assert backup.tags == {"team": "search"}
    assert IndexTags == dict[str, str]


# ------------------------------------------------------------------------------------ timestamps


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2025-05-15T13:59:51.439479+00:00", (2025, 5, 15, 13, 59, 51, 439479)),
        ("2025-05-16T20:09:18.700631Z", (2025, 5, 16, 20, 9, 18, 700631)),
        ("2025-05-15T21:04:34.2463Z", (2025, 5, 15, 21, 4, 34, 246300)),
        ("2025-05-15T21:04:34Z", (2025, 5, 15, 21, 4, 34)),
        ("2025-05-15T23:04:34+02:00", (2025, 5, 15, 21, 4, 34)),
        ("2025-05-15 21:04:34+00:00", (2025, 5, 15, 21, 4, 34)),
        ("2025-05-15T21:04:34", (2025, 5, 15, 21, 4, 34)),
        ("20250515T210434Z", (2025, 5, 15, 21, 4, 34)),
        ("Thu, 15 May 2025 21:04:34 GMT", (2025, 5, 15, 21, 4, 34)),
        ("2025-05-15", (2025, 5, 15)),
    ],
)
def test_timestamp_is_an_aware_moment(text: str, moment: tuple[int, ...]) -> None:
    read = job(created_at=text)
    assert read.created_at == dt.datetime(*moment, tzinfo=dt.UTC)  # type: ignore[arg-type,misc]
    assert read.created_at.utcoffset() is not None
    assert read.to_dict()["created_at"] == text


@pytest.mark.parametrize(
    "text", ["", "soon", "May", "13:59", "2025-13-45T00:00:00Z", "2025-05-15T21:04:34 XYZ"]
)
def test_text_that_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(ModelError, match=r"created_at"):
        job(created_at=text)


# ------------------------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b'{"data": [%s]}', "RestoreJobList: expected `str`, got `int` at $.data[0].status"),
        (b'{"data": 3}', "RestoreJobList: expected `array`, got `int` at $.data"),
        (b'{"data": [{}]}', "object missing required field `restore_job_id` at $.data[0]"),
        (b"{}", "RestoreJobList: object missing required field `data`"),
        (b"[]", "RestoreJobList: expected `object`, got `array`"),
        (b'{"data": [], "pagination": "x"}', "expected `object | null`, got `str` at $.pagination"),
        (b"null", "RestoreJobList: expected `object`, got `null`"),
        (b"", "RestoreJobList: not JSON: "),
        (b"<html>Bad gateway</html>", "RestoreJobList: not JSON: "),
        (b'{"data": [', "RestoreJobList: not JSON: "),
        (b'{"data": "\xff"}', "RestoreJobList: not JSON: "),
        (b'{"data": NaN}', "RestoreJobList: not JSON: "),
        (b'{"data": [], "x": "\xff"}', "RestoreJobList: not JSON: "),
        (b'{"data": [], "x": nul}', "RestoreJobList: not JSON: "),
        (b'{"data": ' + b"[" * 100_000, "RestoreJobList: not JSON: "),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(body: bytes, message: str) -> None:
    body = body.replace(b"%s", json.dumps({**JOB, "status": 4}).encode())
    with pytest.raises(ModelError) as caught:
        RestoreJobList.from_json(body)
    assert message in str(caught.value)


@pytest.mark.parametrize("number", ["1e999", "-1e999", "1" * 5000], ids=str.__len__)
def test_number_that_python_cannot_hold_is_kept_as_its_text(number: str) -> None:
    wire = json.dumps({"data": [], "x": 0.5}).replace("0.5", f"[0.5, 7, {number}]").encode()
    jobs = RestoreJobList.from_json(wire)

    assert jobs.to_dict() == {"data": [], "x": [0.5, 7, number]}
    assert jobs.additional_properties == {"x": [0.5, 7, number]}
    assert jobs == copy.copy(jobs)
    assert number in str(jobs)


def nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    "src",
    [
        3,
        None,
        [1],
        [("data", [])],
        {1: 2},
        {"data": object()},
        {"data": [], "x": nested(10_000)},
    ],
    ids=["number", "none", "list", "pairs", "no names", "no JSON", "deep"],
)
def test_what_is_no_json_object_is_refused(src: Any) -> None:
    with pytest.raises(ModelError, match=r"^RestoreJobList: "):
        RestoreJobList.from_dict(src)


@settings(max_examples=200, deadline=None)
@given(body=st.binary(max_size=40) | JSON.map(lambda value: json.dumps(value).encode()))
def test_no_body_raises_anything_else(body: bytes) -> None:
    with contextlib.suppress(ModelError):
        RestoreJobList.from_json(body)


def test_response_that_cannot_be_read_is_carried_by_its_error() -> None:
    response = httpx.Response(200, content=b"<html>", headers={"x-request-id": "r1"})
    with pytest.raises(UnparsableResponse, match="RestoreJobList: not JSON") as caught:
        RestoreJobList.from_response(response)
    again = pickle.loads(pickle.dumps(caught.value))
    assert caught.value.response is response
    assert str(again) == str(caught.value)
    assert again.response.headers["x-request-id"] == "r1"


# -------------------------------------------------------------------------------- made by hand


def test_fields_that_are_not_given_are_not_sent() -> None:
    request = ConfigureIndexRequest(spec=ConfigureIndexSpec(pod=ConfigurePodSpec(pod_type="p1.x2")))
    assert request.to_dict() == {"spec": {"pod": {"pod_type": "p1.x2"}}}


def test_no_default_of_the_contract_is_sent() -> None:
    spec = IndexSpec(serverless=ServerlessSpec(cloud="aws", region="us-east-1"))
    request = CreateIndexRequest(name="new", spec=spec)
    assert request.to_dict() == {
        "name": "new",
        "spec": {"serverless": {"cloud": "aws", "region": "us-east-1"}},
    }


def test_moments_are_sent_as_rfc_3339_in_utc() -> None:
    zone = dt.timezone(dt.timedelta(hours=2))
    made = job().replace(created_at=dt.datetime(2025, 5, 15, 12, tzinfo=zone))
    assert made.to_dict()["created_at"] == "2025-05-15T10:00:00Z"


def test_model_inside_one_made_by_hand_keeps_its_wire_form() -> None:
    page = RestoreJobList(data=[job(priority=1)], pagination=Pagination(next="t"))
    assert page.to_dict() == {"data": [{**JOB, "priority": 1}], "pagination": {"next": "t"}}


def test_fields_go_by_keyword_only() -> None:
    with pytest.raises(TypeError):
        Pagination("eyJ==")  # type: ignore[misc]


def test_required_fields_must_be_given() -> None:
    with pytest.raises(TypeError, match="next"):
        Pagination()  # type: ignore[call-arg]


# ------------------------------------------------------------- immutable, comparable, copyable


def test_models_cannot_be_changed() -> None:
    read = job()
    with pytest.raises(AttributeError):
        read.status = "Failed"  # type: ignore[misc]
    with pytest.raises(AttributeError):
        read.other = 1  # type: ignore[attr-defined]


def test_same_moment_in_two_spellings_is_equal() -> None:
    zulu, offset = "2025-05-15T13:59:51Z", "2025-05-15T15:59:51+02:00"
    assert job(created_at=zulu) == job(created_at=offset)


def test_null_and_absent_are_equal() -> None:
    assert RestoreJobList.from_dict({"data": [], "pagination": None}) == RestoreJobList(data=[])


@pytest.mark.parametrize("change", [{"status": "Failed"}, {"priority": 1}, {"percent_complete": 1}])
def test_different_fields_are_unequal(change: dict[str, Any]) -> None:
    assert job() != job(**change)


def test_models_of_two_classes_are_unequal() -> None:
    assert job() != JOB
    assert Backup.from_dict({**BACKUP}) != Collection.from_dict({**BACKUP, "environment": "e"})


def test_models_are_no_keys() -> None:
    with pytest.raises(TypeError, match="unhashable"):
        hash(job())


@pytest.mark.parametrize(
    "again",
    [lambda m: pickle.loads(pickle.dumps(m)), copy.copy, copy.deepcopy],
    ids=["pickle", "copy", "deepcopy"],
)
@pytest.mark.parametrize(
    "model",
    [
        job(completed_at=None, priority=1),
        RestoreJobList.from_dict({"data": [{**JOB, "priority": 1}], "pagination": None}),
        RestoreJobList(data=[job(priority=1)], pagination=Pagination(next="t")),
    ],
    ids=["read", "read, nested", "made"],
)
def test_copies_are_equal_and_keep_the_wire_form(model: Model, again: Any) -> None:
    assert again(model) == model
    assert json.dumps(again(model).to_dict()) == json.dumps(model.to_dict())


def test_copy_of_an_item_lets_go_of_its_page() -> None:
    page = RestoreJobList.from_json(json.dumps({"data": [JOB] * 100}).encode())

    assert len(pickle.dumps(page.data[7])) < 1000
    assert copy.copy(page.data[7]).to_dict() == JOB


# ------------------------------------------------------------------------------------- printing


def test_str_is_indented_json_with_the_names_of_the_wire() -> None:
    assert str(job(note="é")) == json.dumps({**JOB, "note": "é"}, indent=2, ensure_ascii=False)


def test_repr_is_one_short_line_of_what_is_set() -> None:
    text = repr(job(completed_at=None, target_index_name="line\n" * 100))
    assert text.startswith("RestoreJob(restore_job_id='06b08366-")
    assert "completed_at" not in text
    assert "\n" not in text
    assert len(text) < 400


def test_repr_of_a_list_shows_its_first_items() -> None:
    text = repr(RestoreJobList(data=[job()] * 1000))
    assert text.startswith("RestoreJobList(data=[RestoreJob(")
    assert len(text) < 400


def test_notebook_table_is_escaped() -> None:
    table = job(target_index_name="<script>alert('x')</script>")._repr_html_()
    assert "<script>" not in table
    assert "&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;" in table
    assert "<th>status</th><td>Completed</td>" in table


# -------------------------------------------------------------------------------------- helpers

BACKUP = {
    "backup_id": "b",
    "source_index_name": "i",
    "source_index_id": "1",
    "status": "Ready",
    "cloud": "aws",
    "region": "us-east-1",
    "name": "b",
}


@pytest.mark.parametrize(
    ("status", "is_done", "succeeded", "failed"),
    [
        ("Pending", False, False, False),
        ("Completed", True, True, False),
        ("Failed", True, False, True),
        ("Cancelled", True, False, True),
        ("Paused", False, False, False),
    ],
)
def test_restore_job_tells_whether_and_how_it_ended(
    status: str, is_done: bool, succeeded: bool, failed: bool
) -> None:
    read = job(status=status)
    assert (read.is_done, read.succeeded, read.failed) == (is_done, succeeded, failed)


@pytest.mark.parametrize(
    ("status", "is_ready", "failed"),
    [
        ("Initializing", False, False),
        ("Ready", True, False),
        ("InitializationFailed", False, True),
        ("Failed", False, True),
        ("Archived", False, False),
    ],
)
def test_backup_tells_whether_it_can_be_restored(status: str, is_ready: bool, failed: bool) -> None:
    backup = Backup.from_dict({**BACKUP, "status": status})
    assert (backup.is_ready, backup.failed) == (is_ready, failed)


@pytest.mark.parametrize(
    ("size_bytes", "size"),
    [
        (None, None),
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (999_950, "1.0 MB"),
        (10_000_000, "10.0 MB"),
        (2_500_000_000_000, "2.5 TB"),
        (3 * 10**18, "3000.0 PB"),
    ],
)
def test_backup_tells_its_size_to_a_reader(size_bytes: int | None, size: str | None) -> None:
    assert Backup.from_dict({**BACKUP, "size_bytes": size_bytes}).size == size


@pytest.mark.parametrize("ready", [True, False])
def test_index_tells_whether_it_serves_requests(ready: bool) -> None:
    wire = {
        "name": "i",
        "metric": "cosine",
        "host": "h",
        "vector_type": "dense",
        "spec": {"serverless": {"cloud": "aws", "region": "us-east-1"}},
        "status": {"ready": ready, "state": "Initializing"},
    }
    index = Index.from_dict(completed("IndexModel", wire))
    assert index.is_ready is ready


def test_collection_tells_whether_it_can_be_used() -> None:
    wire = {"name": "c", "status": "Initializing", "environment": "e"}
    assert not Collection.from_dict(wire).is_ready
    assert Collection.from_dict({**wire, "status": "Ready"}).is_ready


@pytest.mark.parametrize("process", range(8))
def test_the_first_models_of_a_process_are_read_in_many_threads(process: int) -> None:
    program = Path(__file__).parent / "programs" / "first_reads.py"
    done = subprocess.run(
        [sys.executable, program], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, f"process {process}: {done.stderr}"
