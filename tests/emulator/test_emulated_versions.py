"""API versions: each client gets responses in the version that it requests."""

from typing import Any

import httpx
import pytest

from pinecone_control_api import API_VERSION
from tests.emulator.steps import BYOC, POD, SERVERLESS, Api, refusal

DENSE = {"fields": {"_values": {"type": "dense_vector", "dimension": 8, "metric": "euclidean"}}}
NAMED = {"fields": {"your_vector": {"type": "dense_vector", "dimension": 8, "metric": "cosine"}}}
SPARSE = {"fields": {"_sparse_values": {"type": "sparse_vector"}}}
TEXT = {"fields": {"body": {"type": "string", "full_text_search": {"language": "en"}}}}
HYBRID = {"fields": {**NAMED["fields"], "keywords": {"type": "sparse_vector"}}}
MANAGED = {"deployment_type": "managed", "cloud": "aws", "region": "us-east-1"}
OWN = {"deployment_type": "byoc", "environment": "aws-us-east-1-b921"}
DEDICATED = {
    "mode": "Dedicated",
    "dedicated": {
        "node_type": "t1",
        "scaling": "Manual",
        "manual": {"shards": 1, "replicas": 2},
    },
}
ON_DEMAND = {"mode": "OnDemand", "status": {"state": "Ready"}}
METADATA = {"fields": {"genre": {"filterable": True}}}
PLACE = {"cloud": "aws", "region": "us-east-1"}
MODEL = {"model": "multilingual-e5-large", "field_map": {"text": "chunk"}}


def speak(
    api: Api, version: str, method: str, path: str, body: object = None, **query: Any
) -> httpx.Response:
    headers = {"X-Pinecone-Api-Version": version}
    return api.client.request(method, path, json=body, params=query or None, headers=headers)


def create(api: Api, version: str = "2026-07", **body: Any) -> httpx.Response:
    return speak(api, version, "POST", "/indexes", {"name": "movies", **body})


# ------------------------------------------------------------------------- which version it is


@pytest.mark.parametrize(
    ("announced", "spoken"),
    [
        ("2025-04", "2025-04"),
        ("2025-10", "2025-10"),
        ("2026-04", "2026-04"),
        ("2026-07", "2026-07"),
        ("2025-10, 2025-10", "2025-10"),
        ("", API_VERSION),
        ("2024-07", "2025-04"),
    ],
)
def test_an_answer_says_which_version_it_is_in(api: Api, announced: str, spoken: str) -> None:
    answer = speak(api, announced, "GET", "/indexes")
    assert answer.headers["x-pinecone-api-version"] == spoken


@pytest.mark.parametrize(
    "version", ["unstable", "2026-7", "9999-01", "2026-10", "2025-04, 2025-10"]
)
def test_another_version_is_refused_with_the_supported_ones(api: Api, version: str) -> None:
    status, code, message = refusal(speak(api, version, "GET", "/indexes"))
    assert (status, code) == (400, "INVALID_ARGUMENT")
    assert "2025-04, 2025-10, 2026-04, 2026-07" in message
    assert version in message


@pytest.mark.parametrize("path", ["/indexes/movies", "/indexes"])
@pytest.mark.parametrize("creator", ["2025-04", "2025-10", "2026-07"])
def test_a_resource_of_one_version_is_shown_by_the_others_in_their_form(
    api: Api, path: str, creator: str
) -> None:
    def shown(version: str) -> Any:
        body = speak(api, version, "GET", path).json()
        return body["indexes"][0] if "indexes" in body else body

    if creator == "2026-07":
        create(api, schema=DENSE, deployment=MANAGED)
    else:
        create(api, creator, spec=SERVERLESS, dimension=8, metric="euclidean")
    assert (shown("2025-04")["spec"], shown("2025-04")["dimension"]) == (SERVERLESS, 8)
    place = {**SERVERLESS["serverless"], "read_capacity": ON_DEMAND}
    assert shown("2025-10")["spec"] == shown("2026-04")["spec"] == {"serverless": place}
    latest = shown("2026-07")
    assert (latest["schema"], latest["deployment"]) == (DENSE, MANAGED)
    assert latest["read_capacity"] == ON_DEMAND
    assert not latest.keys() & {"spec", "dimension", "metric", "vector_type", "embed", "fields"}


# ----------------------------------------------------------------------------- 2025-10, 2026-04


@pytest.mark.parametrize("version", ["2025-10", "2026-04"])
@pytest.mark.parametrize("kind", ["serverless", "byoc"])
def test_a_read_capacity_and_a_schema_are_kept_and_shown(api: Api, version: str, kind: str) -> None:
    place = {**(SERVERLESS | BYOC)[kind], "read_capacity": DEDICATED, "schema": METADATA}
    shown = create(api, version, dimension=8, spec={kind: place}).json()["spec"][kind]
    assert shown["schema"] == METADATA
    assert shown["read_capacity"] == {
        **DEDICATED,
        "status": {"state": "Ready", "current_replicas": 2, "current_shards": 1},
    }
    earlier = speak(api, "2025-04", "GET", "/indexes/movies").json()["spec"]
    assert set(earlier[kind]) == set((SERVERLESS | BYOC)[kind])


def test_an_index_has_one_place(api: Api) -> None:
    spec = {**SERVERLESS, **BYOC}
    assert refusal(create(api, "2025-10", dimension=8, spec=spec))[0] == 422
    assert create(api, "2025-10", dimension=8, spec={**SERVERLESS, "pod": None}).is_success


def test_an_index_for_a_model_takes_them_beside_its_place(api: Api) -> None:
    body = {"name": "texts", **PLACE, "embed": MODEL, "read_capacity": DEDICATED}
    created = speak(api, "2025-10", "POST", "/indexes/create-for-model", body).json()
    assert created["spec"]["serverless"]["read_capacity"]["mode"] == "Dedicated"
    assert created["embed"]["model"] == MODEL["model"]


@pytest.mark.parametrize("kind", ["serverless", "byoc"])
def test_a_read_capacity_can_be_configured(api: Api, kind: str) -> None:
    api.ready_index(spec={kind: (SERVERLESS | BYOC)[kind]})
    change = {"spec": {kind: {"read_capacity": DEDICATED}}, "tags": {"env": "test"}}
    answer = speak(api, "2025-10", "PATCH", "/indexes/movies", change)
    assert answer.status_code == 202
    shown = speak(api, "2025-10", "GET", "/indexes/movies").json()
    assert shown["spec"][kind]["read_capacity"]["dedicated"] == DEDICATED["dedicated"]
    assert shown["tags"] == {"env": "test"}


@pytest.mark.parametrize(
    "capacity",
    [
        {"mode": "Other"},
        {"mode": {}},
        {"mode": "Dedicated"},
        {},
        "OnDemand",
        {"dedicated": {}},
        {"mode": "Dedicated", "dedicated": {"node_type": None, "scaling": "Manual"}},
        {"mode": "Dedicated", "dedicated": {**DEDICATED["dedicated"], "manual": -5}},
        {
            "mode": "Dedicated",
            "dedicated": {**DEDICATED["dedicated"], "manual": {"shards": 0, "replicas": 1}},
        },
    ],
)
def test_a_read_capacity_of_another_form_is_a_422(api: Api, capacity: object) -> None:
    place = {**SERVERLESS["serverless"], "read_capacity": capacity}
    told = refusal(create(api, "2025-10", dimension=8, spec={"serverless": place}))
    assert told[0] == 422
    assert "read_capacity" in told[2]


def test_pods_are_scaled_as_before(api: Api) -> None:
    api.ready_index(spec=POD)
    scaled = speak(api, "2025-10", "PATCH", "/indexes/movies", {"spec": {"pod": {"replicas": 2}}})
    assert scaled.json()["spec"]["pod"]["replicas"] == 2


def test_a_backup_keeps_the_schema_for_its_restored_index(api: Api) -> None:
    place = {**SERVERLESS["serverless"], "schema": METADATA}
    create(api, "2025-10", dimension=8, spec={"serverless": place})
    api.pass_time(1)
    backup = api.ready_backup()
    path = f"/backups/{backup['backup_id']}"
    assert "schema" not in speak(api, "2025-04", "GET", path).json()
    assert speak(api, "2025-10", "GET", path).json()["schema"] == METADATA
    api.restore(backup["backup_id"])
    restored = speak(api, "2025-10", "GET", "/indexes/restored").json()
    assert restored["spec"]["serverless"]["schema"] == METADATA


# -------------------------------------------------------------------------------------- 2026-07


@pytest.mark.parametrize(
    ("schema", "deployment"),
    [
        (DENSE, MANAGED),
        (SPARSE, MANAGED),
        (NAMED, MANAGED),
        (HYBRID, MANAGED),
        (TEXT, MANAGED),
        (DENSE, OWN),
    ],
)
def test_an_index_is_created_and_shown_with_schema_and_deployment(
    api: Api, schema: object, deployment: object
) -> None:
    created = create(api, schema=schema, deployment=deployment)
    assert created.status_code == 201, created.text
    shown = created.json()
    assert (shown["schema"], shown["deployment"]) == (schema, deployment)


def test_an_index_without_deployment_is_managed_on_aws(api: Api) -> None:
    assert create(api, schema=DENSE).json()["deployment"] == MANAGED


def test_an_index_without_a_name_gets_one(api: Api) -> None:
    name = speak(api, "2026-07", "POST", "/indexes", {"schema": DENSE}).json()["name"]
    assert api.get(f"/indexes/{name}")["dimension"] == 8


def test_older_property_names_are_accepted_too(api: Api) -> None:
    created = create(api, spec=BYOC, dimension=8).json()
    assert created["deployment"] == OWN
    assert created["schema"]["fields"]["_values"]["metric"] == "cosine"


def test_a_read_capacity_stands_beside_the_deployment(api: Api) -> None:
    created = create(api, schema=DENSE, read_capacity=DEDICATED).json()
    assert created["read_capacity"]["dedicated"] == DEDICATED["dedicated"]
    change = {"read_capacity": {"mode": "OnDemand"}}
    changed = speak(api, "2026-07", "PATCH", "/indexes/movies", change).json()
    assert changed["read_capacity"] == ON_DEMAND


def test_an_index_with_a_model_has_a_semantic_text_field(api: Api) -> None:
    body = {"name": "texts", **PLACE, "embed": MODEL}
    created = speak(api, "2026-07", "POST", "/indexes/create-for-model", body).json()
    assert created["schema"]["fields"]["chunk"]["type"] == "semantic_text"
    assert created["schema"]["fields"]["chunk"]["model"] == MODEL["model"]
    parameters = {"type": "semantic_text", "write_parameters": {"truncate": "NONE"}}
    change = {"schema": {"fields": {"chunk": parameters}}}
    changed = speak(api, "2026-07", "PATCH", "/indexes/texts", change).json()
    assert changed["schema"]["fields"]["chunk"]["write_parameters"] == {"truncate": "NONE"}


def test_pods_cannot_be_created(api: Api) -> None:
    pods = {"deployment_type": "pod", "environment": "us-east-1-aws", "pod_type": "p1.x1"}
    status, _, message = refusal(create(api, schema=DENSE, deployment=pods))
    assert status == 400
    assert message == "deployment_type 'pod' is not supported on this API version"


def test_pods_of_an_older_version_are_shown_and_scaled_by_their_deployment(api: Api) -> None:
    api.ready_index(spec=POD)
    shown = speak(api, "2026-07", "GET", "/indexes/movies").json()
    assert shown["deployment"] == {
        "deployment_type": "pod",
        "replicas": 1,
        "shards": 1,
        **POD["pod"],
    }
    change = {"deployment": {"replicas": 3}}
    scaled = speak(api, "2026-07", "PATCH", "/indexes/movies", change)
    assert scaled.status_code == 202
    assert scaled.json()["deployment"]["replicas"] == 3


def test_a_backup_has_the_schema_of_its_index(api: Api) -> None:
    create(api, schema=NAMED)
    api.pass_time(1)
    backup = api.ready_backup()
    path = f"/backups/{backup['backup_id']}"
    shown = speak(api, "2026-07", "GET", path).json()
    assert shown["schema"] == NAMED
    assert shown["tags"] is None
    assert not shown.keys() & {"dimension", "metric", "fields"}
    api.restore(backup["backup_id"])
    restored = speak(api, "2026-07", "GET", "/indexes/restored").json()
    assert restored["schema"] == NAMED
    assert speak(api, "2026-07", "DELETE", path).status_code == 412


def test_backups_of_a_deleted_index_are_listed_on_demand(api: Api) -> None:
    backup = api.ready_backup()
    api.call("DELETE", "/indexes/movies")
    api.pass_time(1)
    path = "/indexes/movies/backups"
    assert refusal(speak(api, "2026-07", "GET", path))[0] == 404
    (listed,) = speak(api, "2026-07", "GET", path, include_deleted="true").json()["data"]
    assert listed["backup_id"] == backup["backup_id"]
    assert listed["source_index_deleted_at"].startswith("2025-06-01T")
    assert (
        refusal(speak(api, "2026-07", "GET", "/indexes/none/backups", include_deleted="true"))[0]
        == 404
    )
    assert "source_index_deleted_at" not in api.get(f"/backups/{backup['backup_id']}")


def test_indexes_are_listed_in_pages_where_a_limit_is_given(api: Api) -> None:
    for name in ("a", "b", "c"):
        api.index(name)
    page = speak(api, "2026-07", "GET", "/indexes", limit=2).json()
    assert [index["name"] for index in page["indexes"]] == ["a", "b"]
    token = page["pagination"]["next"]
    last = speak(api, "2026-07", "GET", "/indexes", paginationToken=token).json()
    assert ([index["name"] for index in last["indexes"]], last["pagination"]) == (["c"], None)
    assert len(api.get("/indexes", limit=2)["indexes"]) == 3


@pytest.mark.parametrize(
    "body",
    [
        {"schema": {"fields": {"title": {"type": "string"}}}, "deployment": MANAGED},
        {"schema": {"fields": ["dense_vector"]}, "deployment": MANAGED},
        {"schema": {"fields": {"_values": None}}, "deployment": MANAGED},
        {"schema": None, "deployment": MANAGED},
        {"schema": DENSE, "deployment": {**MANAGED, "deployment_type": "moon"}},
        {"schema": DENSE, "deployment": "managed"},
        {"schema": DENSE, "deployment": {"cloud": "aws"}},
    ],
)
def test_what_2025_04_has_no_index_for_is_a_422(api: Api, body: dict[str, Any]) -> None:
    assert refusal(create(api, **body))[:2] == (422, "UNPROCESSABLE_ENTITY")


def test_a_schema_cannot_be_changed(api: Api) -> None:
    api.ready_index()
    change = {"schema": DENSE}
    assert refusal(speak(api, "2026-07", "PATCH", "/indexes/movies", change))[0] == 422
