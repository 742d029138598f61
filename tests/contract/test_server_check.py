"""`contract check` finds where a server violates the contract, and explains it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl
from xml.etree import ElementTree as ET

import httpx
import pytest

from pinecone_control import Pinecone, PineconeConnectionError, UnauthorizedError
from pinecone_control.contract.server_check.probes import PREFIX, run
from pinecone_control.contract.server_check.report import ConformanceReport
from pinecone_control.contract.server_check.server_under_test import ServerUnderTest
from pinecone_control_api import API_VERSION
from tests.contract.planted_server import Mistake, Reply, planted

KEY = "a-key-of-some-length"


def no_pause(_: float) -> None:
    """Do nothing: the time of the planted server advances with each request."""


def report_on(url: str, *, write: bool = False, **settings: Any) -> ConformanceReport:
    with ServerUnderTest(url, KEY, httpx.HTTPTransport(), pause=no_pause, **settings) as service:
        run(service, write=write, tell=lambda _: None)
        return service.report


def breaches(mistake: Mistake, *, write: bool = False, **settings: Any) -> list[str]:
    """Return the explanations of all results that break the contract."""
    with planted(mistake) as server:
        report = report_on(server.url, write=write, **settings)
    return [line for r in report.results if r.outcome == "breaks" for line in r.explanation]


# ------------------------------------------------------------------------------ without a mistake


def test_the_emulator_conforms_but_for_known_deviations() -> None:
    with planted() as server:
        report = report_on(server.url, write=True)
    assert report.is_conforming, "\n".join(report.lines())
    assert report.counts()["breaks"] == 0
    assert report.coverage.missed("operations") == []
    known = {
        mismatch.deviation.name
        for result in report.results
        if result.outcome == "deviates"
        for mismatch in result.mismatches
        if mismatch.deviation is not None
    }
    assert known == {"null-pagination", "refused-page", "missing-index"}


def test_known_deviations_break_the_published_contract() -> None:
    found = breaches(lambda _: None, known_deviations=False)
    assert any("/pagination: expected an object; got null" in line for line in found)


def test_reading_changes_nothing() -> None:
    with planted() as server:
        report_on(server.url)
        assert {line.split()[0] for line in server.seen} == {"GET"}


def test_writing_touches_its_own_resources_only_and_removes_them() -> None:
    with planted() as server:
        before = names(server.url)
        report_on(server.url, write=True)
        server.emulator.clock.sleep(60)
        assert names(server.url) == before
        touched = [line for line in server.seen if line.startswith(("DELETE", "PATCH"))]
        assert touched
        backups = {line for line in touched if line.startswith("DELETE /backups/")}
        assert all(PREFIX in line for line in touched if line not in backups)


def names(url: str) -> list[str]:
    with httpx.Client(base_url=url, headers={"api-key": KEY}) as client:
        indexes = [each["name"] for each in client.get("/indexes").json()["indexes"]]
        backups = [each["backup_id"] for each in client.get("/backups?limit=100").json()["data"]]
    return sorted(indexes) + sorted(backups)


def test_what_was_made_is_removed_when_the_run_is_cut_short() -> None:
    class CutShortError(Exception):
        pass

    def cut_short(reply: Reply) -> None:
        if reply.method == "POST" and "/create-index" in reply.path and reply.status == 202:
            state["cut"] = True

    state = {"cut": False}

    def pause(_: float) -> None:
        if state.pop("cut", False):
            raise CutShortError

    with planted(cut_short) as server:
        before = names(server.url)
        transport = httpx.HTTPTransport()
        service = ServerUnderTest(server.url, KEY, transport, pause=pause)
        with service, pytest.raises(CutShortError):
            run(service, write=True, tell=lambda _: None)
        server.emulator.clock.sleep(60)
        assert names(server.url) == before


def test_a_wait_of_the_check_is_announced_once() -> None:
    told: list[str] = []
    with (
        planted() as server,
        ServerUnderTest(server.url, KEY, httpx.HTTPTransport(), pause=no_pause) as service,
    ):
        server.emulator.plan("index", seconds=30)
        run(service, write=True, tell=told.append)
    waits = [line for line in told if line.startswith("waiting for")]
    assert waits
    assert len(waits) == len(set(waits))


# ------------------------------------------------------------------------------- planted mistakes


def wrong_type(reply: Reply) -> None:
    if reply.path.startswith("/restore-jobs/") and reply.is_ok:
        reply.patch(percent_complete="all of it")


def missing_property(reply: Reply) -> None:
    if reply.path == "/indexes" and reply.is_ok:
        reply.json = {"indexes": [without(each, "host") for each in reply.json["indexes"]]}


def null_where_none_is_known(reply: Reply) -> None:
    if reply.path.startswith("/backups/") and reply.is_ok:
        reply.patch(status=None)


def out_of_range(reply: Reply) -> None:
    if reply.path.startswith("/restore-jobs/") and reply.is_ok:
        reply.patch(percent_complete=140)


def no_timestamp(reply: Reply) -> None:
    if reply.path.startswith("/restore-jobs/") and reply.is_ok:
        reply.patch(created_at="yesterday")


def undocumented_status(reply: Reply) -> None:
    if reply.path == "/collections" and reply.is_ok:
        reply.status = 206


def content_type(reply: Reply) -> None:
    if reply.path == "/collections" and reply.is_ok:
        reply.headers["content-type"] = "text/plain"


def no_json(reply: Reply) -> None:
    if reply.path == "/collections" and reply.is_ok:
        reply.content = b"{'collections': []}"


def no_answer(reply: Reply) -> None:
    reply.dropped = reply.path.startswith("/restore-jobs/")


def open_door(reply: Reply) -> None:
    if reply.path == "/collections" and not reply.signed:
        reply.status, reply.content = 200, b'{"collections": []}'


def no_refusal(reply: Reply) -> None:
    if reply.path == "/backups" and "limit=101" in reply.query:
        reply.status, reply.content = 200, b'{"data": []}'


def plain_refusal(reply: Reply) -> None:
    if reply.status == 404:
        reply.json = {"detail": "no such thing"}


def another_error_status(reply: Reply) -> None:
    if reply.status == 404:
        reply.patch(status=500)


def page_too_large(reply: Reply) -> None:
    if reply.path == "/restore-jobs" and reply.query == "limit=2" and reply.is_ok:
        body = reply.json
        reply.patch(data=body["data"] * 2)


def token_again(reply: Reply) -> None:
    token = dict(parse_qsl(reply.query)).get("paginationToken")
    if reply.path == "/restore-jobs" and reply.is_ok and token is not None:
        reply.patch(pagination={"next": token})


def another_one(reply: Reply) -> None:
    is_index = reply.path.startswith("/indexes/") and "backups" not in reply.path
    if is_index and reply.is_ok:
        reply.patch(name="another")


def without(body: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in body.items() if key != name}


@pytest.mark.parametrize(
    ("mistake", "where", "what"),
    [
        (wrong_type, "describe_restore_job: response 200 body /percent_complete", "a number;"),
        (missing_property, "list_indexes: response 200 body /indexes/0", "the property 'host'"),
        (null_where_none_is_known, "describe_backup: response 200 body /status", "got null [null-"),
        (out_of_range, "response 200 body /percent_complete", "at most 100; got 140"),
        (no_timestamp, "response 200 body /created_at", 'a date-time; got "yesterday"'),
        (undocumented_status, "list_collections: response 206 status", "200, 401 or 500; got 206"),
        (content_type, "list_collections: response 200 header /content-type", "application/json"),
        (no_json, "list_collections: response 200 body", "JSON; got \"{'collections': []}\""),
        (no_answer, "describe_restore_job: response status", "a response; got none: "),
        (open_door, "list_collections: response 200 status", "expected 401; got 200"),
        (no_refusal, "list_project_backups: response 200 status", "expected 400 or 422; got 200"),
        (plain_refusal, "describe_index: response 404 body", "the property 'status'"),
        (another_error_status, "describe_index: response 404 body /status", "404; got 500"),
        (page_too_large, "list_restore_jobs: response 200 body /data", "at most 2 items"),
        (token_again, "list_restore_jobs: response 200 body /pagination/next", "another token"),
        (another_one, "describe_index: response 200 body /name", "got 'another'"),
    ],
    ids=lambda given: getattr(given, "__name__", ""),
)
def test_a_planted_mistake_is_found_and_explained(mistake: Mistake, where: str, what: str) -> None:
    found = breaches(mistake)
    assert any(f"{where}: expected" in line and what in line for line in found), "\n".join(found)


def body_of_a_deletion(reply: Reply) -> None:
    if reply.method == "DELETE" and reply.status == 202:
        reply.content = b"{}"


def name_taken_twice(reply: Reply) -> None:
    if reply.status == 409:
        reply.status, reply.content = 500, reply.content.replace(b"409", b"500")


def tags_forgotten(reply: Reply) -> None:
    if reply.method == "PATCH" and reply.status == 202:
        reply.json = without(reply.json, "tags")


@pytest.mark.parametrize(
    ("mistake", "explanation"),
    [
        (body_of_a_deletion, "delete_index: response 202 body: expected no body; got"),
        (name_taken_twice, "create_index: response 500 status: expected 409; got 500"),
        (tags_forgotten, "configure_index: response 202 body /tags: expected the tag that was set"),
    ],
    ids=lambda given: getattr(given, "__name__", ""),
)
def test_a_mistake_in_writing_is_found_and_explained(mistake: Mistake, explanation: str) -> None:
    found = breaches(mistake, write=True)
    assert any(explanation in line for line in found), "\n".join(found)


def test_a_key_that_a_server_echoes_is_not_in_the_report() -> None:
    def echo(reply: Reply) -> None:
        if reply.path == "/collections" and reply.is_ok:
            reply.content = KEY.encode()

    found = breaches(echo)
    assert any('got "***"' in line for line in found)
    assert KEY not in "".join(found)


def report_of(answer: Callable[[httpx.Request], httpx.Response]) -> ConformanceReport:
    with ServerUnderTest("http://pinecone", KEY, httpx.MockTransport(answer)) as service:
        run(service, write=False, tell=lambda _: None)
        return service.report


def raising(error: Exception) -> Callable[[httpx.Request], httpx.Response]:
    def answer(_: httpx.Request) -> httpx.Response:
        raise error

    return answer


def test_a_server_that_hangs_is_one_clear_error() -> None:
    with pytest.raises(
        PineconeConnectionError, match="no response from http://pinecone: timed out"
    ):
        report_of(raising(httpx.ReadTimeout("timed out")))


def test_a_refused_key_is_one_clear_error() -> None:
    with pytest.raises(UnauthorizedError, match=r"refuses the API key: .*Invalid API key"):
        report_of(lambda _: httpx.Response(401, text="Invalid API key"))


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (raising(httpx.RemoteProtocolError("peer closed")), "a response; got none: peer closed"),
        (
            lambda _: httpx.Response(200, content=b"x" * 5_000_000),
            "got none: it is larger",
        ),
        (lambda _: httpx.Response(403, json="Which tenant?"), '403 "Which tenant?"'),
        (lambda _: httpx.Response(404, html="<html>"), '404 "<html>"'),
    ],
    ids=["cut short", "too large", "a header too few", "another site"],
)
def test_an_unusable_response_is_reported_with_its_text(
    answer: Callable[[httpx.Request], httpx.Response], found: str
) -> None:
    lines = report_of(answer).lines()
    assert any(found in line for line in lines), "\n".join(lines)


def test_a_report_without_any_success_questions_the_url() -> None:
    lines = report_of(lambda _: httpx.Response(200, html="<html>")).lines()
    assert lines[-1] == "Nothing conforms. Is http://pinecone the right URL, without /indexes?"


def test_the_headers_of_a_client_are_sent_too() -> None:
    seen = set()

    def answer(request: httpx.Request) -> httpx.Response:
        seen.add((request.headers["x-tenant"], request.headers["x-pinecone-api-version"]))
        return httpx.Response(200, json={"indexes": []})

    transport = httpx.MockTransport(answer)
    with (
        Pinecone(KEY, "http://pinecone", headers={"X-Tenant": "a"}, transport=transport) as pc,
        ServerUnderTest.of(pc) as service,
    ):
        run(service, write=False, tell=lambda _: None)
    assert seen == {("a", API_VERSION)}


def test_a_server_that_is_not_there_is_one_clear_error() -> None:
    with pytest.raises(PineconeConnectionError, match=r"no response from http://127\.0\.0\.1:9: "):
        report_on("http://127.0.0.1:9")


# ------------------------------------------------------------------------------------ the command


@pytest.fixture(scope="module")
def broken_url() -> Iterator[str]:
    with planted(wrong_type) as server:
        yield server.url


def command(*words: str) -> "subprocess.CompletedProcess[str]":
    environment = {"PINECONE_API_KEY": KEY, "PATH": os.environ["PATH"]}
    return subprocess.run(
        [sys.executable, "-m", "pinecone_control", "contract", *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env=environment,
    )


def test_the_command_prints_a_table_and_fails_on_a_breach(broken_url: str) -> None:
    done = command("check", "--host", broken_url)
    assert done.returncode == 1, done.stderr
    assert done.stdout.startswith("OPERATION")
    assert "1 breaks" in done.stdout


def test_the_command_writes_json(broken_url: str) -> None:
    report = json.loads(command("check", "--host", broken_url, "-o", "json").stdout)
    assert report["conforms"] is False
    (breach,) = [each for each in report["results"] if each["outcome"] == "breaks"]
    assert breach["mismatches"][0]["pointer"] == "/percent_complete"
    assert report["coverage"]["exchanges"] > 0


def test_the_command_writes_junit(broken_url: str, tmp_path: Path) -> None:
    command("check", "--host", broken_url, "--junit", str(tmp_path / "report.xml"))
    suite = ET.parse(tmp_path / "report.xml").getroot()
    assert suite.get("failures") == "1"
    (failure,) = suite.findall("testcase/failure")
    assert "/percent_complete" in failure.get("message", "")


def test_a_report_that_cannot_be_written_is_refused_before_anything_is_asked(
    broken_url: str, tmp_path: Path
) -> None:
    done = command("check", "--host", broken_url, "--junit", str(tmp_path / "none" / "report.xml"))
    assert (done.returncode, done.stdout) == (2, "")
    assert "there is no folder" in done.stderr
