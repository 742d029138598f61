"""Clients that announce API version 2026-07, as the official Python SDK 10 does."""

from typing import Any

import httpx
import pytest

from tests.emulator.steps import BYOC, POD, SERVERLESS, Api, refusal

DENSE = {"fields": {"_values": {"type": "dense_vector", "dimension": 8, "metric": "euclidean"}}}
SPARSE = {"fields": {"_sparse_values": {"type": "sparse_vector"}}}
MANAGED = {"deployment_type": "managed", "cloud": "aws", "region": "us-east-1"}
PODS = {
    "deployment_type": "pod",
    "environment": "us-east-1-aws",
    "pod_type": "p1.x1",
    "replicas": 2,
    "shards": 1,
}
OWN = {"deployment_type": "byoc", "environment": "aws-us-east-1-b921"}


def later(api: Api, method: str, path: str, body: object = None) -> httpx.Response:
    headers = {"X-Pinecone-Api-Version": "2026-07"}
    return api.client.request(method, path, json=body, headers=headers)


def create(api: Api, **body: Any) -> httpx.Response:
    return later(api, "POST", "/indexes", {"name": "movies", **body})


@pytest.mark.parametrize(
    ("schema", "deployment"),
    [(DENSE, MANAGED), (SPARSE, MANAGED), (DENSE, PODS), (DENSE, OWN)],
)
def test_an_index_is_created_and_shown_with_schema_and_deployment(
    api: Api, schema: object, deployment: object
) -> None:
    created = create(api, schema=schema, deployment=deployment)
    assert created.status_code == 201, created.text
    shown = created.json()
    assert (shown["schema"], shown["deployment"]) == (schema, deployment)
    assert not shown.keys() & {"spec", "dimension", "metric", "vector_type", "embed"}


@pytest.mark.parametrize("path", ["/indexes/movies", "/indexes"])
def test_what_one_version_created_the_other_shows_in_its_own_words(api: Api, path: str) -> None:
    def shown(body: Any) -> Any:
        return body["indexes"][0] if "indexes" in body else body

    create(api, schema=DENSE, deployment=MANAGED)
    assert shown(api.get(path))["spec"] == SERVERLESS
    assert shown(api.get(path))["dimension"] == 8
    assert shown(later(api, "GET", path).json())["deployment"] == MANAGED


def test_the_older_words_are_understood_too(api: Api) -> None:
    created = create(api, spec=BYOC, dimension=8).json()
    assert created["deployment"] == OWN
    assert created["schema"]["fields"]["_values"]["metric"] == "cosine"


def test_an_index_with_a_model_has_a_semantic_text_field(api: Api) -> None:
    embed = {"model": "multilingual-e5-large", "field_map": {"text": "chunk"}}
    place = {"cloud": "aws", "region": "us-east-1"}
    body = {"name": "texts", **place, "embed": embed}
    created = later(api, "POST", "/indexes/create-for-model", body).json()
    assert created["schema"]["fields"]["chunk"]["type"] == "semantic_text"
    assert created["schema"]["fields"]["chunk"]["model"] == "multilingual-e5-large"


def test_pods_are_scaled_by_their_deployment(api: Api) -> None:
    api.ready_index(spec=POD)
    scaled = later(api, "PATCH", "/indexes/movies", {"deployment": {"replicas": 3}})
    assert scaled.status_code == 202
    assert scaled.json()["deployment"]["replicas"] == 3


def test_other_answers_are_the_same_in_both(api: Api) -> None:
    backup = api.ready_backup()
    assert later(api, "GET", f"/backups/{backup['backup_id']}").json() == backup
    assert later(api, "DELETE", f"/backups/{backup['backup_id']}").content == b""


@pytest.mark.parametrize(
    "body",
    [
        {"schema": {"fields": {**DENSE["fields"], **SPARSE["fields"]}}, "deployment": MANAGED},
        {"schema": {"fields": {"title": {"type": "string"}}}, "deployment": MANAGED},
        {"schema": {"fields": ["dense_vector"]}, "deployment": MANAGED},
        {"schema": {"fields": {"_values": None}}, "deployment": MANAGED},
        {"schema": None, "deployment": MANAGED},
        {"schema": DENSE, "deployment": {**MANAGED, "deployment_type": "moon"}},
        {"schema": DENSE, "deployment": "managed"},
        {"schema": DENSE},
    ],
)
def test_what_2025_04_has_no_index_for_is_a_422(api: Api, body: dict[str, Any]) -> None:
    assert refusal(create(api, **body))[:2] == (422, "UNPROCESSABLE_ENTITY")


def test_a_schema_cannot_be_changed(api: Api) -> None:
    api.ready_index()
    assert refusal(later(api, "PATCH", "/indexes/movies", {"schema": DENSE}))[0] == 422


@pytest.mark.parametrize("version", ["2025-04", "2025-10", "unstable", "2026-7", "9999"])
def test_other_versions_get_2025_04(api: Api, version: str) -> None:
    api.index()
    headers = {"X-Pinecone-Api-Version": version}
    shown = api.client.get("/indexes/movies", headers=headers).json()
    assert shown["spec"] == SERVERLESS
