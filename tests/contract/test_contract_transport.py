"""The transport checks requests and responses against the contract."""

import copy
import gzip
import json
import pickle
import warnings
from collections.abc import Callable
from typing import Any

import anyio
import httpx
import pytest

from pinecone_control import (
    AsyncPinecone,
    NotFoundError,
    Pinecone,
    PineconeValueError,
)
from pinecone_control.contract import (
    AsyncContractTransport,
    ContractTransport,
    ContractViolation,
    ContractWarning,
    known_deviations,
)
from pinecone_control.contract.document import sample
from pinecone_control.contract.shipped_contracts import Contract, effective_contract
from pinecone_control.emulator import Emulator, ManualClock
from pinecone_control_api import API_VERSION
from scripts.proofs.replay import Canned, replay
from tests.support.contracts import frozen_contract

KEY = "a-key-of-some-length"
SIGNED = {"api-key": KEY, "x-pinecone-api-version": API_VERSION}
JOB = {
    "restore_job_id": "670e8400-e29b-41d4-a716-446655440000",
    "backup_id": "670e8400-e29b-41d4-a716-446655440001",
    "target_index_name": "movies",
    "target_index_id": "670e8400-e29b-41d4-a716-446655440002",
    "status": "Completed",
    "created_at": "2025-05-15T21:04:34.2463Z",
}
DESCRIBED = effective_contract().operations["describe_index"].responses[200]
INDEX = sample(effective_contract().document, DESCRIBED or {}, {"name": "movies"})
FROZEN = Contract(frozen_contract())
REFUSED = {"status": 404, "error": {"code": "NOT_FOUND", "message": "There is none."}}
SERVERLESS = {"serverless": {"cloud": "aws", "region": "us-east-1"}}


def answering(body: Any, status: int = 200, **headers: str) -> httpx.MockTransport:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    kind = {
        "content-type": "application/json",
        **{k.replace("_", "-"): v for k, v in headers.items()},
    }
    return httpx.MockTransport(lambda _: httpx.Response(status, content=content, headers=kind))


def asked(method: str, target: str, body: Any = None, **headers: str) -> ContractViolation:
    """Return the violation that a request causes; the request is never sent."""

    def refuse(_: httpx.Request) -> httpx.Response:
        raise AssertionError("a request that breaks the contract was sent")

    check = ContractTransport(httpx.MockTransport(refuse), contract=FROZEN)
    signed = {**SIGNED, "x-pinecone-api-version": FROZEN.version}
    with (
        httpx.Client(transport=check, base_url="http://pinecone", headers=signed) as client,
        pytest.raises(ContractViolation) as caught,
    ):
        client.request(method, target, json=body, headers=headers)
    return caught.value


def answered(target: str, body: Any, status: int = 200, **settings: Any) -> ContractViolation:
    """Return the violation that a response to a GET causes."""
    raw = settings.pop("raw", False)
    check = ContractTransport(answering(body, status, **settings), known_deviations=not raw)
    with (
        httpx.Client(transport=check, base_url="http://pinecone", headers=SIGNED) as client,
        pytest.raises(ContractViolation) as caught,
    ):
        client.get(target)
    return caught.value


def passes(target: str, body: Any, status: int = 200, **headers: str) -> ContractTransport:
    check = ContractTransport(answering(body, status, **headers))
    with httpx.Client(transport=check, base_url="http://pinecone", headers=SIGNED) as client:
        client.get(target)
    return check


def without(body: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in body.items() if key != name}


# ---------------------------------------------------------------------------------------- requests


@pytest.mark.parametrize(
    ("method", "target", "body", "where", "expected", "got"),
    [
        ("GET", "/nothing", None, "unknown operation: request operation", "a path", "/nothing"),
        ("PUT", "/indexes", None, "unknown operation: request operation", "GET or POST", "PUT"),
        ("GET", "/indexes/%FF", None, "unknown operation: request operation", "a path", "%FF"),
        ("GET", "/backups?limit=0", None, "request query /limit", "at least 1", "0"),
        ("GET", "/backups?limit=101", None, "request query /limit", "at most 100", "101"),
        ("GET", "/backups?limit=ten", None, "request query /limit", "an integer", '"ten"'),
        ("GET", "/backups?size=1", None, "request query", "'limit' or 'pag", "'size'"),
        ("GET", "/backups?limit=1&limit=2", None, "request query /limit", "once", "again"),
        ("GET", "/indexes?limit=1", None, "request query", "no parameters", "'limit'"),
        ("POST", "/indexes", None, "request body", "a body", "none"),
        ("POST", "/indexes", [], "request body", "an object", "[]"),
        ("POST", "/indexes", {"name": "a"}, "request body", "'spec'", "'name'"),
        (
            "POST",
            "/indexes",
            {"name": "a", "spec": {"serverless": {"cloud": "aws"}}},
            "request body /spec/serverless",
            "the property 'region'",
            "'cloud'",
        ),
        (
            "POST",
            "/indexes",
            {"name": "a", "spec": SERVERLESS, "dimension": 20_001},
            "request body /dimension",
            "at most 20000",
            "20001",
        ),
        (
            "POST",
            "/indexes",
            {"name": "a", "spec": SERVERLESS, "metric": "manhattan"},
            "request body /metric",
            '"cosine", "euclidean" or "dotproduct"',
            '"manhattan"',
        ),
        ("DELETE", "/indexes/a", {}, "request body", "no body", "{}"),
    ],
)
def test_a_request_that_breaks_the_contract_is_not_sent(
    method: str, target: str, body: Any, where: str, expected: str, got: str
) -> None:
    violation = asked(method, target, body)
    assert where in violation.mismatch.where
    assert expected in violation.mismatch.expected
    assert got in violation.mismatch.got


def test_a_request_without_a_key_is_a_violation() -> None:
    violation = asked("GET", "/indexes", **{"Api-Key": ""})
    assert (violation.mismatch.pointer, violation.mismatch.expected) == ("/api-key", "an API key")


@pytest.mark.parametrize("version", ["", "2025-10"])
def test_a_request_of_another_api_version_is_a_violation(version: str) -> None:
    violation = asked("GET", "/indexes", **{"X-Pinecone-Api-Version": version})
    assert (violation.mismatch.pointer, violation.mismatch.expected) == (
        "/x-pinecone-api-version",
        '"2025-04"',
    )


def test_a_body_of_another_type_is_a_violation() -> None:
    body = {"name": "copy", "source": "catalog"}
    violation = asked("POST", "/collections", body, **{"Content-Type": "text/plain"})
    assert violation.mismatch.pointer == "/content-type"


def test_a_violation_has_the_rule_and_all_else_that_is_wrong() -> None:
    body = {"name": "a" * 46, "spec": SERVERLESS, "dimension": 0}
    violation = asked("POST", "/indexes", body)
    assert violation.mismatch.operation == "create_index"
    rules = [each.rule for each in violation.mismatches]
    assert sorted(rules) == [
        "/components/schemas/CreateIndexRequest/properties/dimension/minimum",
        "/components/schemas/CreateIndexRequest/properties/name/maxLength",
    ]
    assert "(and 1 more)" in str(violation)


def test_the_same_request_is_judged_the_same_every_time() -> None:
    check = ContractTransport(answering({"indexes": []}))
    with httpx.Client(transport=check, base_url="http://pinecone") as client:
        for _ in range(2):
            client.get("/indexes", headers=SIGNED)
        with pytest.raises(ContractViolation):
            client.get("/indexes", headers={**SIGNED, "api-key": ""})


@pytest.mark.parametrize("base_path", ["/gateway", "gateway/"])
def test_a_host_may_have_a_path(base_path: str) -> None:
    check = ContractTransport(answering({"indexes": []}), base_path=base_path)
    with httpx.Client(transport=check, headers=SIGNED) as client:
        assert client.get("http://pinecone/gateway/indexes").status_code == 200
        with pytest.raises(ContractViolation, match="expected a path of the API under /gateway;"):
            client.get("http://pinecone/indexes")


# ----------------------------------------------------------------------------------------- answers


@pytest.mark.parametrize(
    ("target", "body", "where", "expected", "got"),
    [
        ("/restore-jobs/1", without(JOB, "status"), "200 body", "'status'", "'backup_id'"),
        ("/restore-jobs/1", {**JOB, "status": 3}, "200 body /status", "a string", "3"),
        ("/restore-jobs/1", {**JOB, "percent_complete": 101}, "/percent_complete", "100", "101"),
        ("/restore-jobs/1", {**JOB, "created_at": "now"}, "/created_at", "date-time", '"now"'),
        (
            "/restore-jobs",
            {"data": [JOB, {**JOB, "status": None}]},
            "/data/1/status",
            "str",
            "null",
        ),
        ("/restore-jobs", [JOB], "200 body", "an object", "["),
        ("/restore-jobs", b"<html>", "200 body", "JSON", "<html>"),
        ("/restore-jobs", b"", "200 body", "JSON", '""'),
        ("/indexes/movies", {**INDEX, "dimension": "3"}, "/dimension", "an integer", '"3"'),
    ],
)
def test_an_answer_that_breaks_the_contract_is_told(
    target: str, body: Any, where: str, expected: str, got: str
) -> None:
    violation = answered(target, body)
    assert where in violation.mismatch.where
    assert expected in violation.mismatch.expected
    assert got in violation.mismatch.got


def test_a_status_that_is_not_documented_is_told() -> None:
    violation = answered("/restore-jobs/1", JOB, 418)
    assert violation.mismatch.where == "describe_restore_job: response 418 status"
    assert (violation.mismatch.expected, violation.mismatch.got) == ("200, 401, 404 or 500", "418")


def test_an_answer_of_another_content_type_is_told() -> None:
    violation = answered("/restore-jobs/1", JOB, content_type="text/plain")
    assert (violation.mismatch.pointer, violation.mismatch.got) == ("/content-type", '"text/plain"')


def test_a_refusal_without_the_error_object_is_told() -> None:
    violation = answered("/restore-jobs/1", {"message": "no"}, 404)
    assert violation.mismatch.where == "describe_restore_job: response 404 body"


def test_a_body_where_there_should_be_none_is_told() -> None:
    check = ContractTransport(answering({}, 202))
    with (
        httpx.Client(transport=check, base_url="http://pinecone", headers=SIGNED) as client,
        pytest.raises(ContractViolation, match="expected no body"),
    ):
        client.delete("/backups/1")


def test_an_answer_that_echoes_the_key_does_not_carry_it_into_the_error() -> None:
    violation = answered("/restore-jobs/1", {**JOB, "status": [KEY]})
    assert KEY not in str(violation)
    assert violation.mismatch.got == '["***"]'


def test_fields_that_the_contract_does_not_know_are_in_order() -> None:
    check = passes("/restore-jobs/1", {**JOB, "colour": "red"})
    assert check.coverage.unknown == {"response RestoreJobModel/colour"}


# ------------------------------------------------------------------------------- known differences


@pytest.mark.parametrize(
    ("target", "body", "deviation", "pointer"),
    [
        ("/restore-jobs", {"data": [], "pagination": None}, "null-pagination", "/pagination"),
        ("/restore-jobs/1", {**JOB, "completed_at": None}, "null-fields", "/completed_at"),
        ("/indexes/movies", {**INDEX, "tags": None}, "null-fields", "/tags"),
        pytest.param(
            "/indexes/movies",
            {**INDEX, "metric": "manhattan"},
            "open-enums",
            "/metric",
            marks=pytest.mark.api_version("2025-04"),
        ),
    ],
)
def test_a_known_difference_passes_unless_it_is_switched_off(
    target: str, body: Any, deviation: str, pointer: str
) -> None:
    passes(target, body)
    violation = answered(target, body, raw=True)
    assert violation.mismatch.pointer == pointer
    assert violation.mismatch.deviation is not None
    assert violation.mismatch.deviation.name == deviation
    assert violation.mismatch.deviation.says in str(violation)


@pytest.mark.parametrize(
    ("target", "body", "status", "kind", "deviation"),
    [
        ("/backups?limit=1", REFUSED, 400, "application/json", "refused-page"),
        ("/backups", b"<h1>Slow down</h1>", 429, "text/html", "overload"),
        ("/backups", b"Invalid API key", 401, "text/plain", "bare-unauthorized"),
        ("/backups", "Invalid API key", 401, "application/json", "bare-unauthorized"),
        ("/backups", b"<h1>Broken</h1>", 500, "text/html", "foreign-refusal"),
        ("/backups/1", b"", 404, "text/plain", "foreign-refusal"),
    ],
)
def test_a_known_undocumented_answer_is_counted_unless_it_is_switched_off(
    target: str, body: Any, status: int, kind: str, deviation: str
) -> None:
    check = passes(target, body, status, content_type=kind)
    assert check.coverage.deviations == {deviation: 1}
    violation = answered(target, body, status, content_type=kind, raw=True)
    assert violation.mismatch.deviation is not None
    assert violation.mismatch.deviation.name == deviation


def test_a_violation_names_the_known_deviation_that_it_resembles() -> None:
    violation = answered("/restore-jobs/1", {**JOB, "backup_id": None})
    assert violation.mismatch.deviation is not None
    assert violation.mismatch.deviation.symptom == "null"
    assert "It resembles a known difference" in violation.hint


def test_an_ordinary_mistake_resembles_no_known_deviation() -> None:
    assert answered("/restore-jobs/1", {**JOB, "status": 3}).mismatch.deviation is None


def test_each_known_difference_has_its_evidence() -> None:
    sources = {"seed", "contract", "docs", "measured", "reported", "assumed"}
    for deviation in known_deviations():
        assert deviation.says
        assert deviation.evidence.keys() <= sources
        assert all(deviation.evidence.values())


# ------------------------------------------------------------------------------------------- modes


def test_collecting_lets_everything_pass_and_keeps_what_it_found() -> None:
    check = ContractTransport(answering({"data": 1}), mode="collect")
    with httpx.Client(transport=check, base_url="http://pinecone") as client:
        assert client.get("/restore-jobs").json() == {"data": 1}
    sides = [violation.mismatch.side for violation in check.violations]
    assert sides == ["request", "response"]


def test_warning_lets_everything_pass_and_warns() -> None:
    check = ContractTransport(answering({"data": 1}), mode="warn")
    with (
        httpx.Client(transport=check, base_url="http://pinecone", headers=SIGNED) as client,
        pytest.warns(ContractWarning, match="/data: expected an array; got 1"),
    ):
        client.get("/backups")


def test_another_mode_is_refused() -> None:
    with pytest.raises(PineconeValueError, match="mode must be raise, collect or warn; got 'log'"):
        ContractTransport(answering({}), mode="log")  # type: ignore[arg-type]


def test_a_transport_of_another_kind_is_refused() -> None:
    with pytest.raises(PineconeValueError, match=r"wraps an httpx\.BaseTransport; got AsyncHTTP"):
        ContractTransport(httpx.AsyncHTTPTransport())  # type: ignore[arg-type]
    with pytest.raises(PineconeValueError, match=r"httpx\.AsyncBaseTransport; got HTTPTransport"):
        AsyncContractTransport(httpx.HTTPTransport())  # type: ignore[arg-type]


def test_half_of_an_echoed_key_is_not_shown_either() -> None:
    violation = answered("/restore-jobs/1", {**JOB, "status": ["." * 70 + KEY]})
    assert KEY[:4] not in violation.mismatch.got


def test_a_violation_survives_pickling_and_copying() -> None:
    violation = answered("/restore-jobs", {"data": [], "pagination": None}, raw=True)
    for other in (pickle.loads(pickle.dumps(violation)), copy.copy(violation)):
        assert str(other) == str(violation)
        assert other.mismatch == violation.mismatch


# ------------------------------------------------------------------------------- under the clients


def test_a_violation_reaches_the_caller_of_the_facade_at_once() -> None:
    with replay(Canned(200, {"data": [{}]})) as server:
        check = ContractTransport(httpx.HTTPTransport())
        with Pinecone(KEY, server.url, transport=check) as pc, pytest.raises(ContractViolation):
            pc.list_restore_jobs()
    assert len(server.seen) == 1


def test_every_attempt_of_a_call_is_checked() -> None:
    with replay(Canned(503), Canned(200, JOB)) as server:
        check = ContractTransport(httpx.HTTPTransport())
        with Pinecone(KEY, server.url, transport=check) as pc:
            pc.describe_restore_job("1")
    assert check.coverage.exchanges == 2
    assert check.coverage.deviations == {"overload": 1}


def test_a_refusal_is_the_facades_own_error() -> None:
    with replay(Canned(404, REFUSED)) as server:
        check = ContractTransport(httpx.HTTPTransport())
        with Pinecone(KEY, server.url, transport=check) as pc, pytest.raises(NotFoundError):
            pc.describe_restore_job("1")


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_the_asynchronous_transport_checks_the_same(backend: str) -> None:
    async def main(url: str) -> None:
        check = AsyncContractTransport(httpx.AsyncHTTPTransport())
        async with AsyncPinecone(KEY, url, transport=check) as pc:
            assert (await pc.describe_restore_job("1")).status == "Completed"
            with pytest.raises(ContractViolation, match="/status: expected a string; got 3"):
                await pc.describe_restore_job("1")

    with replay(Canned(200, JOB), Canned(200, {**JOB, "status": 3})) as server:
        anyio.run(main, server.url, backend=backend)


def test_a_compressed_answer_is_checked_and_passed_on_as_it_came() -> None:
    body = gzip.compress(json.dumps({**JOB, "status": 3}).encode())
    with replay(Canned(200, body, {"content-encoding": "gzip"})) as server:
        check = ContractTransport(httpx.HTTPTransport(), mode="collect")
        with httpx.Client(transport=check, base_url=server.url, headers=SIGNED) as client:
            assert client.get("/restore-jobs/1").json()["status"] == 3
    assert [violation.mismatch.pointer for violation in check.violations] == ["/status"]


LIFE: list[Callable[[Pinecone], object]] = [
    lambda pc: pc.create_index("movies", spec=SERVERLESS, dimension=3, wait=True),
    lambda pc: pc.configure_index("movies", tags={"team": "search"}),
    lambda pc: pc.create_backup("movies", wait=True),
    lambda pc: pc.create_index_from_backup(next(iter(pc.list_backups())).backup_id, name="copy"),
    lambda pc: pc.wait_for_restore_jobs([job.restore_job_id for job in pc.list_restore_jobs()]),
    lambda pc: pc.delete_index("copy"),
]


def test_the_emulator_and_the_facade_keep_to_the_published_contract_but_for_known_differences() -> (
    None
):
    with Emulator(clock=ManualClock(), seed=1) as emulator:
        check = ContractTransport(emulator.transport(), mode="collect", known_deviations=False)
        with Pinecone(KEY, "http://localhost", transport=check, clock=emulator.clock) as pc:
            for step in LIFE:
                step(pc)
    known = {m.deviation and m.deviation.name for each in check.violations for m in each.mismatches}
    assert known == {"null-pagination"}


def test_no_warning_comes_from_a_check_that_finds_nothing() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        passes("/restore-jobs", {"data": [JOB], "pagination": {"next": "abc"}})
