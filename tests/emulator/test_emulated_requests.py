"""Behaviour of all operations: keys, projects, bad input, and the request log."""

import json

import httpx
import pytest

from pinecone_control.emulator import Settings
from tests.emulator.conftest import Connect
from tests.emulator.steps import Api, manual_emulator, refusal


@pytest.mark.parametrize("headers", [{}, {"Api-Key": ""}, {"Authorization": "Bearer key"}])
def test_a_request_without_a_key_is_refused(connect_as: Connect, headers: dict[str, str]) -> None:
    response = connect_as("").get("/restore-jobs", headers=headers)
    status, code, message = refusal(response)
    assert (status, code) == (401, "UNAUTHENTICATED")
    assert message


def test_any_key_is_accepted_and_names_a_project(api: Api) -> None:
    api.restore_job()
    assert api.as_project("another").get("/restore-jobs")["data"] == []
    assert len(api.as_project("key").get("/restore-jobs")["data"]) == 1


def test_keys_can_be_restricted() -> None:
    with manual_emulator(api_keys=["right"]) as emulator:
        client = httpx.Client(transport=emulator.transport(), base_url="http://emulator")
        assert client.get("/indexes", headers={"Api-Key": "right"}).status_code == 200
        assert refusal(client.get("/indexes", headers={"Api-Key": "wrong"}))[0] == 401


@pytest.mark.parametrize("version", [None, "2024-07", "2025-04", "2025-10", "2025-10, 2025-10"])
def test_an_api_version_header_is_understood(connect_as: Connect, version: str | None) -> None:
    headers = {} if version is None else {"X-Pinecone-Api-Version": version}
    assert connect_as("key").get("/indexes", headers=headers).status_code == 200


def test_an_unsupported_api_version_is_refused_by_name(connect_as: Connect) -> None:
    answer = connect_as("key").get("/indexes", headers={"X-Pinecone-Api-Version": "nonsense"})

    status, _, message = refusal(answer)
    assert status == 400
    assert "nonsense" in message
    assert "2025-04" in message


def test_every_answer_has_a_request_id_of_its_own(api: Api) -> None:
    ids = {api.call("GET", path).headers["x-pinecone-request-id"] for path in ("/indexes",) * 3}
    assert len(ids) == 3


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/index",
        "/indexes/",
        "/indexes/a/b",
        "/restore-jobs/a/b",
        "//indexes",
        "/indexes/%2e%2e/backups/x/y",
    ],
)
def test_a_path_outside_the_api_is_not_found(api: Api, path: str) -> None:
    assert refusal(api.call("GET", path))[:2] == (404, "NOT_FOUND")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/indexes", "GET, POST"),
        ("POST", "/restore-jobs", "GET"),
        ("OPTIONS", "/backups", "GET"),
        ("PATCH", "/backups/x", "DELETE, GET"),
        ("OPTIONS", "/indexes/create-for-model", "POST"),
    ],
)
def test_another_method_is_refused_with_those_that_are_allowed(
    api: Api, method: str, path: str, allowed: str
) -> None:
    response = api.call(method, path)
    assert refusal(response)[0] == 405
    assert response.headers["allow"] == allowed


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not json",
        b"{",
        b'{"name": "movies",}',
        b'{"name": NaN}',
        b'{"name": "\xff"}',
        b'{"name": "\\ud800"}',
        b'{"name": "movies"} trailing',
        b'{"dimension": ' + b"9" * 5000 + b"}",
        b"[" * 50_000,
        b'{"name": ' + b"[" * 150 + b"]" * 150 + b"}",
        b'{"spec": {"pod": {"metadata_config": ' + b'{"a":' * 200 + b"1" + b"}" * 203,
        "{}".encode("utf-16"),
        b"\x00",
    ],
    ids=range(14),
)
def test_a_garbage_body_is_a_422(connect_as: Connect, content: bytes) -> None:
    response = connect_as("key").post(
        "/indexes", content=content, headers={"Content-Type": "application/json"}
    )
    assert refusal(response)[:2] == (422, "UNPROCESSABLE_ENTITY")


def test_a_byte_order_mark_is_forgiven(connect_as: Connect) -> None:
    body = {"name": "movies", "dimension": 8, "spec": {"byoc": {"environment": "own"}}}
    response = connect_as("key").post(
        "/indexes",
        content=b"\xef\xbb\xbf" + json.dumps(body).encode(),
        headers={"Content-Type": "application/json; charset=utf-8"},
    )
    assert response.status_code == 201


def test_a_body_of_another_content_type_is_a_422(connect_as: Connect) -> None:
    response = connect_as("key").post("/indexes", data={"name": "movies"})
    status, _, message = refusal(response)
    assert status == 422
    assert "application/json" in message


def test_a_huge_body_is_a_413(connect_as: Connect) -> None:
    content = b'{"name": "' + b"a" * (3 * 1024 * 1024) + b'"}'
    response = connect_as("key").post(
        "/indexes", content=content, headers={"Content-Type": "application/json"}
    )
    status, _, message = refusal(response)
    assert status == 413
    assert str(64 * 1024) in message


def test_the_largest_body_can_be_set(api: Api) -> None:
    api.emulator.settings = Settings(body_limit=10)
    assert refusal(api.call("POST", "/indexes", {"name": "movies"}))[0] == 413


def test_nul_and_other_odd_characters_survive_a_round_trip(api: Api) -> None:
    api.ready_index()
    odd = "nul \x00, quote ', emoji \N{GRINNING FACE}, line\nbreak"
    backup = api.backup(name=odd)
    assert api.get(f"/backups/{backup['backup_id']}")["name"] == odd


def test_the_log_shows_what_was_sent_and_answered(api: Api) -> None:
    api.call("POST", "/indexes", {"name": "movies"}, some="query")
    record = api.emulator.requests[-1]
    assert (record.method, record.path, record.query) == ("POST", "/indexes", {"some": "query"})
    assert json.loads(record.body) == {"name": "movies"}
    assert record.headers["content-type"] == "application/json"
    assert "key" not in {*record.headers, *record.headers.values()} | {record.project}
    assert (record.operation, record.status) == ("create_index", 422)
    assert record.at == api.emulator.clock.time()


def test_the_log_tells_projects_apart(api: Api) -> None:
    api.get("/indexes")
    api.as_project("another").get("/indexes")
    api.as_project("").call("GET", "/indexes")
    first, second, refused = (request.project for request in api.emulator.requests)
    assert first != second
    assert refused is None


def test_the_log_can_be_read_by_operation(api: Api) -> None:
    api.get("/indexes")
    api.get("/restore-jobs")
    api.get("/indexes")
    assert len(api.emulator.requests) == 3
    assert len(api.emulator.requests.of("list_indexes")) == 2
