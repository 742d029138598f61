from tests.emulator.steps import POD, Api, refusal


def copy(api: Api) -> dict[str, object]:
    api.ready_index("catalog", POD)
    return api.call("POST", "/collections", {"name": "copy", "source": "catalog"}).json()


def test_a_collection_initializes_and_knows_its_size_when_ready(api: Api) -> None:
    assert copy(api) == {
        "name": "copy",
        "status": "Initializing",
        "environment": "us-east-1-aws",
        "dimension": 8,
    }
    api.pass_time(3)
    ready = api.get("/collections/copy")
    assert ready["status"] == "Ready"
    assert ready["size"] == ready["vector_count"] * 8 * 4
    assert api.get("/collections") == {"collections": [ready]}


def test_a_deleted_collection_terminates_before_it_is_gone(api: Api) -> None:
    copy(api)
    api.pass_time(3)
    assert api.call("DELETE", "/collections/copy").content == b""
    assert api.get("/collections/copy")["status"] == "Terminating"
    api.pass_time(1)
    assert refusal(api.call("GET", "/collections/copy"))[0] == 404


def test_an_index_waits_for_its_pending_collections(api: Api) -> None:
    copy(api)
    status, code, message = refusal(api.call("DELETE", "/indexes/catalog"))
    assert (status, code) == (412, "FAILED_PRECONDITION")
    assert "copy" in message
    api.pass_time(3)
    assert api.call("DELETE", "/indexes/catalog").status_code == 202


def test_an_index_can_be_made_from_a_ready_collection(api: Api) -> None:
    copy(api)
    spec = {"pod": {**POD["pod"], "source_collection": "copy"}}
    body = {"name": "again", "dimension": 8, "spec": spec}
    assert refusal(api.call("POST", "/indexes", body))[0] == 400
    api.pass_time(3)
    assert refusal(api.call("POST", "/indexes", {**body, "dimension": 9}))[0] == 400
    assert api.call("POST", "/indexes", body).status_code == 201


def test_an_index_is_not_made_from_a_collection_that_is_not_there(api: Api) -> None:
    spec = {"pod": {**POD["pod"], "source_collection": "none"}}
    body = {"name": "again", "dimension": 8, "spec": spec}
    assert refusal(api.call("POST", "/indexes", body))[:2] == (404, "NOT_FOUND")
