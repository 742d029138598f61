"""The models are attrs classes: what attrs, cattrs, `match`, `copy` and `pickle` do with them."""

from __future__ import annotations

import copy
import datetime as dt
import gc
import json
import pickle
import subprocess
import sys
import weakref

import attrs
import cattrs
import pytest
from attrs import frozen
from cattrs.preconf.json import make_converter

from pinecone_control_api.base import Model
from pinecone_control_api.models import Index, IndexStatus, Pagination, RestoreJob, RestoreJobList
from scripts.proofs.completed_answers import completed

WIRE = {
    "restore_job_id": "06b08366-a0a9-404d-96c2-e791c71743e5",
    "backup_id": "95707edb-e482-49cf-b5a5-312219a51a97",
    "target_index_name": "restored-index",
    "target_index_id": "027aff93-de40-4f48-a573-6dbcd654f961",
    "status": "Completed",
    "created_at": "2025-05-15T13:59:51.439479+00:00",
    "percent_complete": 100.0,
}
CREATED = dt.datetime(2025, 5, 15, 13, 59, 51, 439479, tzinfo=dt.UTC)
JOB = RestoreJob.from_dict(WIRE)
INDEX = Index.from_dict(
    completed(
        "IndexModel",
        {
            "name": "movies",
            "metric": "cosine",
            "host": "movies.svc",
            "vector_type": "dense",
            "dimension": 3,
            "spec": {"serverless": {"cloud": "aws", "region": "us-east-1", "new": [1]}},
            "status": {"ready": True, "state": "Ready"},
            "tags": {"team": "search"},
        },
    )
)


def test_model_is_an_attrs_class_with_keyword_only_fields() -> None:
    assert attrs.has(RestoreJob)
    assert [field.name for field in attrs.fields(Pagination)] == ["next"]
    assert all(field.kw_only for field in attrs.fields(RestoreJob))
    assert attrs.fields(RestoreJob).percent_complete.default is None


def test_model_has_slots_and_is_frozen() -> None:
    assert not hasattr(JOB, "__dict__")
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        JOB.status = "Failed"  # type: ignore[misc]
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        del JOB.status  # type: ignore[misc]


def test_asdict_gives_the_fields_with_datetimes_and_nones() -> None:
    assert attrs.asdict(JOB) == {**WIRE, "created_at": CREATED, "completed_at": None}


def test_asdict_goes_into_the_models_inside() -> None:
    fields = attrs.asdict(INDEX)
    assert fields["status"] == {"ready": True, "state": "Ready"}
    assert fields["spec"]["serverless"]["region"] == "us-east-1"
    assert fields["tags"] == {"team": "search"}


def test_astuple_gives_the_values_in_the_order_of_the_fields() -> None:
    assert attrs.astuple(Pagination(next="t")) == ("t",)


def test_evolve_changes_fields_and_leaves_the_original() -> None:
    evolved = attrs.evolve(JOB, status="Failed")
    assert (evolved.status, JOB.status) == ("Failed", "Completed")
    assert evolved.created_at == CREATED
    assert evolved.to_dict()["status"] == "Failed"
    assert attrs.evolve(JOB) == JOB


def test_evolve_changes_a_model_inside() -> None:
    status = attrs.evolve(INDEX.status, ready=False)
    assert not attrs.evolve(INDEX, status=status).is_ready


@pytest.mark.parametrize("model", [JOB, INDEX], ids=["flat", "nested"])
def test_cattrs_unstructures_and_structures_it_again(model: Model) -> None:
    converter = make_converter()
    plain = converter.unstructure(model)
    assert json.loads(json.dumps(plain)) == plain
    again = converter.structure(plain, type(model))
    assert attrs.asdict(again) == attrs.asdict(model)  # type: ignore[arg-type]


def test_cattrs_structures_what_the_wire_gave() -> None:
    assert make_converter().structure(WIRE, RestoreJob) == JOB
    assert cattrs.structure({"next": "t"}, Pagination) == Pagination(next="t")


def test_fields_match_as_patterns() -> None:
    match INDEX:
        case Index(name=name, status=IndexStatus(ready=True)):
            assert name == "movies"
        case _:
            pytest.fail("did not match")


@pytest.mark.parametrize("model", [JOB, INDEX, attrs.evolve(JOB)], ids=["flat", "nested", "made"])
def test_model_copies_and_pickles(model: Model) -> None:
    for again in (copy.copy(model), copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        assert again == model
        assert again is not model
        assert str(again) == str(model)


def test_model_can_be_referred_to_weakly() -> None:
    assert weakref.ref(JOB)() is JOB


# --------------------------------------------------------------------- a model inside its own kind


@frozen(kw_only=True, eq=False, repr=False, getstate_setstate=False)
class Folder(Model):
    name: str
    parent: Folder | None = None
    folders: list[Folder] | None = None
    by_name: dict[str, Folder] | None = None


TREE = {
    "name": "top",
    "parent": {"name": "above", "colour": "red"},
    "folders": [{"name": "a", "by_name": {"b": {"name": "b", "size": 1e400, "note": None}}}],
}


def test_model_that_contains_itself_is_read_and_keeps_its_wire_form() -> None:
    text = json.dumps(TREE).replace("Infinity", "7")
    tree = Folder.from_json(text.encode())
    assert tree.folders is not None
    assert tree.folders[0].by_name is not None
    assert tree.folders[0].by_name["b"].to_dict() == {"name": "b", "size": 7, "note": None}
    assert tree.parent is not None
    assert tree.parent.additional_properties == {"colour": "red"}
    assert json.dumps(tree.to_dict()) == text
    assert pickle.loads(pickle.dumps(tree)) == tree


# --------------------------------------------------------------------------------- what it costs


def test_reading_leaves_no_cycles_for_the_garbage_collector() -> None:
    content = json.dumps({"data": [WIRE] * 10, "pagination": None}).encode()
    RestoreJobList.from_json(content)
    gc.collect()
    gc.disable()
    try:
        for _ in range(10):
            page = RestoreJobList.from_json(content)
            assert page.data[3].to_dict() == WIRE
        del page
        assert gc.collect() == 0
    finally:
        gc.enable()


CLASSES_MADE = """
import sys, httpx, pinecone_control
client = pinecone_control.Pinecone("key", transport=httpx.MockTransport(
    lambda request: httpx.Response(200, json={"data": [], "pagination": None})))
made = lambda: sorted(m.rpartition(".")[2] for m in sys.modules
                      if m.startswith("pinecone_control_api.models."))
print(*made())
client.list_restore_jobs()
print(*made())
"""


def test_classes_are_made_when_they_are_first_used() -> None:
    done = subprocess.run(
        [sys.executable, "-c", CLASSES_MADE], check=True, capture_output=True, text=True
    )
    at_the_start, after_a_listing = done.stdout.split("\n")[:2]
    assert at_the_start == ""
    assert after_a_listing == "pagination restore_job restore_job_list"
