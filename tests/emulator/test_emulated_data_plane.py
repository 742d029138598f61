"""What the host of an index answers: its statistics, and the reason why nothing else."""

import pytest

from tests.emulator.steps import POD, Api, refusal


def test_an_index_is_empty_since_nothing_can_be_written(api: Api) -> None:
    api.ready_index()
    assert api.stats().json() == {
        "dimension": 8,
        "namespaces": {},
        "indexFullness": 0,
        "totalVectorCount": 0,
        "metric": "cosine",
        "vectorType": "dense",
    }


def test_a_restored_index_has_the_records_of_its_backup(api: Api) -> None:
    api.emulator.seed("demo")
    counted = api.stats("movies").json()["totalVectorCount"]
    backup = api.call("POST", "/indexes/movies/backups", {}).json()
    api.pass_time(3)
    assert api.get(f"/backups/{backup['backup_id']}")["record_count"] == counted > 0
    api.restore(backup["backup_id"], "copy")
    assert api.stats("copy").json()["totalVectorCount"] == counted


def test_a_collection_of_an_empty_index_has_no_vectors(api: Api) -> None:
    api.ready_index("catalog", POD)
    api.call("POST", "/collections", {"name": "copy", "source": "catalog"})
    api.pass_time(3)
    collection = api.get("/collections/copy")
    assert (collection["vector_count"], collection["size"]) == (0, 0)


@pytest.mark.parametrize(
    ("method", "rest"), [("POST", "vectors/upsert"), ("POST", "query"), ("GET", "vectors/list")]
)
def test_anything_else_is_refused_with_the_reason(api: Api, method: str, rest: str) -> None:
    host = api.ready_index()["host"]
    path = f"{host if '/' in host else f'/{host}'}/{rest}"
    status, code, message = refusal(api.call(method, path))
    assert (status, code) == (501, "UNIMPLEMENTED")
    assert "no data plane" in message


def test_an_index_of_another_project_is_not_found(api: Api) -> None:
    host = api.ready_index()["host"]
    path = f"{host if '/' in host else f'/{host}'}/describe_index_stats"
    assert refusal(api.as_project("other").call("GET", path))[0] == 404
    assert refusal(api.as_project("").call("GET", path))[0] == 401
