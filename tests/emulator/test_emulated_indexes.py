import pytest

from tests.emulator.steps import BYOC, POD, SERVERLESS, Api, refusal

CLOSED_ENUMS = pytest.mark.api_version("2025-04")
"""From 2025-10 on requests may name values that their enums do not have."""


def test_an_index_initializes_and_becomes_ready(api: Api) -> None:
    assert api.index()["status"] == {"ready": False, "state": "Initializing"}
    api.pass_time(1)
    assert api.get("/indexes/movies")["status"] == {"ready": True, "state": "Ready"}


def test_the_next_index_can_be_made_to_fail(api: Api) -> None:
    api.emulator.plan("index", outcome="InitializationFailed", seconds=30)
    api.index()
    api.pass_time(30)
    state = {"ready": False, "state": "InitializationFailed"}
    assert api.get("/indexes/movies")["status"] == state


def test_a_deleted_index_terminates_before_it_is_gone(api: Api) -> None:
    api.ready_index()
    assert api.call("DELETE", "/indexes/movies").content == b""
    assert api.get("/indexes/movies")["status"] == {"ready": False, "state": "Terminating"}
    api.pass_time(1)
    assert refusal(api.call("GET", "/indexes/movies"))[0] == 404
    assert api.get("/indexes") == {"indexes": []}


def test_the_name_of_a_terminating_index_is_still_taken(api: Api) -> None:
    api.ready_index()
    api.call("DELETE", "/indexes/movies")
    body = {"name": "movies", "dimension": 8, "spec": SERVERLESS}
    assert refusal(api.call("POST", "/indexes", body))[:2] == (409, "ALREADY_EXISTS")
    api.pass_time(1)
    assert api.call("POST", "/indexes", body).status_code == 201


def test_a_protected_index_is_deleted_once_protection_is_off(api: Api) -> None:
    api.index(deletion_protection="enabled")
    assert refusal(api.call("DELETE", "/indexes/movies"))[:2] == (403, "FORBIDDEN")
    api.call("PATCH", "/indexes/movies", {"deletion_protection": "disabled"})
    assert api.call("DELETE", "/indexes/movies").status_code == 202


def test_the_host_contains_the_name_and_leads_to_the_emulator_or_nowhere(api: Api) -> None:
    host = api.index()["host"]
    base_url = str(api.client.base_url)
    assert host.startswith(f"{base_url}/movies-" if "127.0.0.1" in base_url else "movies-")
    assert host.endswith(".invalid")


def test_a_dense_index_is_cosine_unless_told_otherwise(api: Api) -> None:
    index = api.index()
    assert (index["vector_type"], index["metric"], index["dimension"]) == ("dense", "cosine", 8)


def test_a_sparse_index_has_dotproduct_and_no_dimension(api: Api) -> None:
    index = api.index(vector_type="sparse", metric="dotproduct")
    assert (index["vector_type"], index["metric"]) == ("sparse", "dotproduct")
    assert "dimension" not in index


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ({}, "dimension"),
        ({"dimension": 0}, "minimum"),
        ({"dimension": 20_001}, "maximum"),
        ({"vector_type": "sparse", "dimension": 8}, "dimension"),
        ({"vector_type": "sparse", "metric": "cosine"}, "dotproduct"),
        ({"vector_type": "quantum", "dimension": 8}, "vector_type"),
        ({"dimension": 8, "name": "a" * 46}, "longer"),
        ({"dimension": 8, "name": ""}, "shorter"),
        ({"dimension": 8, "name": "-a"}, "lowercase alphanumeric"),
        ({"dimension": 8, "name": "Movies"}, "lowercase alphanumeric"),
        ({"dimension": 8, "name": "mövies"}, "lowercase alphanumeric"),
        ({"dimension": 8, "tags": {"a" * 81: "x"}}, "80"),
        ({"dimension": 8, "tags": {"a": "x" * 121}}, "120"),
        ({"dimension": 8, "tags": {"a b": "x"}}, "Tag key"),
        ({"dimension": 8, "tags": {"a": "ä"}}, "tag"),
        ({"dimension": 8, "spec": {"pod": {**POD["pod"], "pod_type": "p9.x1"}}}, "pod_type"),
        ({"dimension": 8, "spec": {"pod": {**POD["pod"], "pods": 3}}}, "pods"),
        ({"dimension": 8, "spec": {"pod": {**POD["pod"], "replicas": 0}}}, "minimum"),
        ({"vector_type": "sparse", "spec": POD}, "Sparse"),
    ],
)
def test_a_broken_constraint_is_a_400_that_names_it(
    api: Api, body: dict[str, object], complaint: str
) -> None:
    response = api.call("POST", "/indexes", {"name": "movies", "spec": SERVERLESS, **body})
    status, code, message = refusal(response)
    assert (status, code) == (400, "INVALID_ARGUMENT")
    assert complaint in message


@pytest.mark.parametrize(
    "body",
    [
        {"name": "movies"},
        {"name": 1, "spec": SERVERLESS},
        {"name": "movies", "spec": {}},
        {"name": "movies", "spec": {**SERVERLESS, **BYOC}},
        {"name": "movies", "spec": {"quantum": {}}},
        pytest.param(
            {"name": "movies", "spec": SERVERLESS, "metric": "manhattan"}, marks=CLOSED_ENUMS
        ),
        {"name": "movies", "spec": SERVERLESS, "dimension": "8"},
        {"name": "movies", "spec": SERVERLESS, "dimension": True},
        pytest.param(
            {"name": "movies", "spec": SERVERLESS, "deletion_protection": "on"}, marks=CLOSED_ENUMS
        ),
        {"name": "movies", "spec": SERVERLESS, "tags": {"a": 1}},
        {"name": "movies", "spec": {"pod": {"environment": "us-east-1-aws"}}},
        [],
        "text",
        None,
    ],
)
def test_a_body_of_another_shape_is_a_422(api: Api, body: object) -> None:
    status, code, _ = refusal(api.call("POST", "/indexes", body))
    assert (status, code) == (422, "UNPROCESSABLE_ENTITY")


def test_a_pod_index_is_filled_up_with_the_contracts_defaults(api: Api) -> None:
    spec = api.index(spec={"pod": {**POD["pod"], "replicas": 2, "shards": 2}})["spec"]["pod"]
    assert (spec["pod_type"], spec["pods"], spec["replicas"], spec["shards"]) == ("p1.x1", 4, 2, 2)


@pytest.mark.api_version("2025-04")  # from 2025-10 on an answer shows its read capacity too
def test_a_byoc_index_lives_in_its_environment(api: Api) -> None:
    assert api.index(spec=BYOC)["spec"] == BYOC


def test_an_unknown_region_is_not_found(api: Api) -> None:
    spec = {"serverless": {"cloud": "aws", "region": "us-west-1"}}
    body = {"name": "movies", "dimension": 8, "spec": spec}
    status, code, message = refusal(api.call("POST", "/indexes", body))
    assert (status, code) == (404, "NOT_FOUND")
    assert "us-west-1" in message


def test_tags_are_merged_and_unset_by_an_empty_value(api: Api) -> None:
    api.index(tags={"team": "search", "env": "test", "gone": ""})
    changed = api.call("PATCH", "/indexes/movies", {"tags": {"env": "", "owner": "a.b"}}).json()
    assert changed["tags"] == {"team": "search", "owner": "a.b"}
    assert api.get("/indexes/movies")["tags"] == {"team": "search", "owner": "a.b"}


def test_configuring_changes_nothing_that_was_not_given(api: Api) -> None:
    before = api.ready_index(spec={"pod": {**POD["pod"], "replicas": 3}})
    assert api.call("PATCH", "/indexes/movies", {}).json() == before
    after = api.call("PATCH", "/indexes/movies", {"spec": {"pod": {"pod_type": "p1.x2"}}}).json()
    assert after["spec"]["pod"]["replicas"] == 3


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ({"replicas": 3}, "ScalingUp"),
        ({"replicas": 1}, "ScalingDown"),
        ({"pod_type": "p1.x4"}, "ScalingUpPodSize"),
        ({"replicas": 2}, "Ready"),
    ],
)
def test_a_pod_index_scales_while_it_serves(
    api: Api, change: dict[str, object], state: str
) -> None:
    api.ready_index(spec={"pod": {**POD["pod"], "replicas": 2}})
    changed = api.call("PATCH", "/indexes/movies", {"spec": {"pod": change}}).json()
    assert changed["status"] == {"ready": True, "state": state}
    api.pass_time(3)
    assert api.get("/indexes/movies")["status"]["state"] == "Ready"


@pytest.mark.parametrize("pod_type", ["p1.x1", "s1.x2", "p1"])
def test_pods_only_grow_within_their_family(api: Api, pod_type: str) -> None:
    api.ready_index(spec={"pod": {**POD["pod"], "pod_type": "p1.x2"}})
    body = {"spec": {"pod": {"pod_type": pod_type}}}
    assert refusal(api.call("PATCH", "/indexes/movies", body))[0] == 400


@pytest.mark.parametrize(
    ("model", "vector_type", "metric", "dimension"),
    [
        ("multilingual-e5-large", "dense", "cosine", 1024),
        ("llama-text-embed-v2", "dense", "cosine", 1024),
        ("pinecone-sparse-english-v0", "sparse", "dotproduct", None),
    ],
)
def test_an_index_for_a_model_takes_the_models_vectors(
    api: Api, model: str, vector_type: str, metric: str, dimension: int | None
) -> None:
    embed = {"model": model, "field_map": {"text": "body"}}
    body = {"name": "texts", "cloud": "aws", "region": "us-east-1", "embed": embed}
    index = api.call("POST", "/indexes/create-for-model", body).json()
    assert (index["vector_type"], index["metric"]) == (vector_type, metric)
    assert index.get("dimension") == dimension
    assert index["embed"]["field_map"] == {"text": "body"}


@pytest.mark.parametrize("embed", [{"metric": "dotproduct"}, {"dimension": 8}])
def test_a_model_refuses_vectors_it_does_not_make(api: Api, embed: dict[str, object]) -> None:
    embed = {"model": "multilingual-e5-large", "field_map": {"text": "body"}, **embed}
    body = {"name": "texts", "cloud": "aws", "region": "us-east-1", "embed": embed}
    assert refusal(api.call("POST", "/indexes/create-for-model", body))[0] == 400


def test_an_index_can_be_converted_for_a_model_once(api: Api) -> None:
    api.ready_index(dimension=1024)
    embed = {"model": "multilingual-e5-large", "field_map": {"text": "body"}}
    converted = api.call("PATCH", "/indexes/movies", {"embed": embed}).json()
    assert converted["embed"]["model"] == "multilingual-e5-large"
    other = {"embed": {"model": "llama-text-embed-v2"}}
    assert refusal(api.call("PATCH", "/indexes/movies", other))[0] == 400
    changed = api.call("PATCH", "/indexes/movies", {"embed": {"field_map": {"text": "x"}}}).json()
    assert changed["embed"]["field_map"] == {"text": "x"}


def test_an_index_is_not_converted_for_a_model_of_other_vectors(api: Api) -> None:
    api.ready_index(dimension=8)
    embed = {"model": "multilingual-e5-large", "field_map": {"text": "body"}}
    assert refusal(api.call("PATCH", "/indexes/movies", {"embed": embed}))[0] == 400


def test_an_index_called_like_the_model_path_can_be_described(api: Api) -> None:
    api.index("create-for-model")
    assert api.get("/indexes/create-for-model")["name"] == "create-for-model"


def test_projects_do_not_see_each_other(api: Api) -> None:
    api.index()
    other = api.as_project("another key")
    assert other.get("/indexes") == {"indexes": []}
    assert refusal(other.call("GET", "/indexes/movies"))[0] == 404
    other.index()
    assert len(api.get("/indexes")["indexes"]) == 1
