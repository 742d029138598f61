"""The status page: what it shows, that it runs no foreign script, and that it refreshes itself."""

import html
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from attrs import define, field

from pinecone_control.emulator import EmulatorClock, Fault, Settings
from pinecone_control.emulator.api.http_messages import Request, Response
from pinecone_control.emulator.servers.http_server import serve
from scripts.docs.emulator_screenshot import chromium, look
from tests.emulator.steps import POD, Api, manual_emulator

BROWSER_ACCEPTS = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
ALIVE = "<img src=x onerror=\"document.title='alive'\"><script>document.title='alive'</script>"


def fetch(api: Api, path: str = "/_emulator/", accepted: str = BROWSER_ACCEPTS) -> httpx.Response:
    return api.client.get(path, headers={"Accept": accepted})


def status(api: Api, **query: Any) -> dict[str, Any]:
    """Return the JSON from which the page is drawn."""
    response = api.client.get("/_emulator/status", params=query)
    assert response.status_code == 200, response.text
    return response.json()


@pytest.mark.parametrize("path", ["/_emulator", "/_emulator/"])
def test_a_browser_gets_html_and_a_program_json(api: Api, path: str) -> None:
    assert fetch(api, path).headers["content-type"] == "text/html; charset=utf-8"
    for accepted in ("application/json", "*/*", ""):
        assert "paths" in fetch(api, path, accepted).json()


@pytest.mark.parametrize("name", ["status.css", "status.js"])
def test_the_page_brings_all_that_it_loads(api: Api, name: str) -> None:
    assert f"/_emulator/{name}" in fetch(api).text
    assert fetch(api, f"/_emulator/{name}", "*/*").status_code == 200


def test_nothing_but_its_own_script_may_run(api: Api) -> None:
    policy = fetch(api).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert policy.endswith("script-src 'self'")
    assert not re.search(r"<script(?! type=\"module\" src=\"/_emulator/)|\son\w+=", fetch(api).text)


def test_restore_jobs_under_way_come_first(api: Api) -> None:
    api.emulator.plan("restore_job", seconds=600)
    slow = api.restore_job()
    api.restore(slow["backup_id"], "quick")
    api.pass_time(20)
    jobs = status(api)["restore_jobs"]["rows"]
    assert [job["status"] for job in jobs] == ["Pending", "Completed"]


def test_progress_follows_the_clock(api: Api) -> None:
    api.emulator.plan("restore_job", seconds=600)
    api.restore_job()
    for percent in (0, 25, 50, 75, 100):
        assert status(api)["restore_jobs"]["rows"][0]["percent_complete"] == percent
        api.pass_time(150)


def test_progress_is_shown_where_the_api_keeps_it_back(api: Api) -> None:
    api.emulator.settings = Settings(shows_progress=False)
    api.restore_job()
    api.pass_time(5)
    assert status(api)["restore_jobs"]["rows"][0]["percent_complete"] == 50


def test_every_list_can_be_read_to_its_end(api: Api) -> None:
    api.emulator.seed("demo")
    api.get("/indexes")
    seen = []
    for page in range(1, 25):
        jobs = status(api, restore_jobs=page)["restore_jobs"]
        assert jobs["total"] == 240
        seen += [job["restore_job_id"] for job in jobs["rows"]]
    assert len(set(seen)) == len(seen) == 240
    assert len(status(api, backups=2)["backups"]["rows"]) == 2
    assert status(api, restore_jobs=25)["restore_jobs"]["rows"] == []


@pytest.mark.parametrize("query", [{"requests": 0}, {"indexes": "x"}, {"page": 1}])
def test_a_query_that_makes_no_sense_is_a_400(api: Api, query: dict[str, Any]) -> None:
    assert api.client.get("/_emulator/status", params=query).status_code == 400


def test_the_project_of_the_latest_request_is_shown_unless_another_is_chosen(api: Api) -> None:
    for number in range(12):
        api.as_project(f"key-{number}").index(f"index-{number}")
    shown = status(api)
    assert shown["indexes"]["rows"][0]["name"] == "index-11"
    assert len(shown["projects"]) == 12
    names = {
        status(api, project=each["project"])["indexes"]["rows"][0]["name"]
        for each in shown["projects"]
    }
    assert names == {f"index-{number}" for number in range(12)}


def test_requests_can_be_filtered(api: Api) -> None:
    api.emulator.faults.add(Fault(status=503))
    api.emulator.faults.add(Fault(drop=True))
    api.call("GET", "/indexes")
    with pytest.raises(httpx.TransportError):
        api.call("GET", "/backups")
    api.call("GET", "/collections/none")
    for filter_, path in {
        "503": "/indexes",
        "DROPPED": "/backups",
        "describe_collection": "/collections/none",
    }.items():
        (row,) = status(api, filter=filter_)["requests"]["rows"]
        assert row["path"] == path
    assert status(api, filter="fault")["requests"]["total"] == 2


def test_keys_are_told_apart_and_never_shown(api: Api) -> None:
    secret = api.as_project("pcsk_4x7f-very-secret-indeed")
    secret.index("findable")
    api.index("other")
    shown = status(api)
    assert [each["key"] for each in shown["projects"]].count("pcsk_4x7…") == 1
    assert "secret" not in json.dumps(shown)


# ---------------------------------------------------------------------------- in a real browser

needs_chromium = pytest.mark.skipif(chromium() is None, reason="no chromium is installed")

Change = Callable[[Request, Response, int], Response]


@define
class Watched:
    """An emulator; `change` gets each response to the browser and the number of earlier ones."""

    api: Api
    change: Change
    looks: int = field(default=0, init=False)

    @property
    def clock(self) -> EmulatorClock:
        return self.api.emulator.clock

    @property
    def settings(self) -> Settings:
        return self.api.emulator.settings

    def handle(self, request: Request) -> Response:
        response = self.api.emulator.handle(request)
        if request.path != "/_emulator/status":
            return response
        self.looks += 1
        return self.change(request, response, self.looks - 1)


def unchanged(_request: Request, response: Response, _looks: int) -> Response:
    return response


@contextmanager
def watched(api: Api, change: Change = unchanged) -> Iterator[str]:
    with serve(Watched(api, change)) as server:
        yield f"{server.url}/_emulator/"


def drawn(url: str) -> tuple[str, str]:
    """Return the page as the browser has it after three seconds, and the browser's errors."""
    browser = chromium()
    assert browser is not None
    options = ["--dump-dom", "--virtual-time-budget=3000", "--enable-logging=stderr"]
    done = look(browser, url, *options)
    complaints = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    return done.stdout, "\n".join(complaints)


def text_of(dom: str) -> str:
    shown = re.sub(r"<(\w+)[^>]* hidden=\"\".*?</\1>", "", dom, flags=re.DOTALL)
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", shown)))


def write_everywhere(api: Api, text: str) -> None:
    """Put a text wherever the API accepts free text, and into the request log."""
    api.ready_index("movies", {"byoc": {"environment": text}})
    api.backup("movies", name=text, description=text)
    api.call("GET", f"/{text}", **{text: text})
    api.client.get("/indexes", headers={"X-Pinecone-Api-Version": text[:20]})


@pytest.fixture
def local_api() -> Iterator[Api]:
    with manual_emulator() as emulator:
        yield Api.in_process(emulator)


@needs_chromium
def test_an_emulator_without_clients_says_how_to_become_one(local_api: Api) -> None:
    local_api.emulator.seed("demo")
    with watched(local_api) as url:
        shown = text_of(drawn(url)[0])
    assert "No requests yet" in shown
    assert f"export PINECONE_CONTROLLER_HOST= {url.removesuffix('/_emulator/')}" in shown
    assert "The project gets the sample data." in shown


@needs_chromium
def test_it_shows_what_there_is(local_api: Api) -> None:
    api = local_api
    job = api.restore(api.ready_backup("movies", name="nightly")["backup_id"], "copy")
    api.ready_index("catalog", POD, deletion_protection="enabled", tags={"team": "shop"})
    api.call("POST", "/collections", {"name": "static", "source": "catalog"})
    with watched(api) as url:
        shown = text_of(drawn(url)[0])
    for expected in (
        r"copy +Pending",
        job["restore_job_id"],
        r"catalog +protected +Ready +dense 8, cosine +pod, us-east-1-aws p1\.x1 +team: shop",
        r"nightly +Ready +movies",
        r"static +Initializing +us-east-1-aws",
        r"POST +/collections .*201 +create_collection +0 s ago",
    ):
        assert re.search(expected, shown), expected


@needs_chromium
def test_it_refreshes_itself(local_api: Api) -> None:
    def pass_time(_request: Request, response: Response, _looks: int) -> Response:
        local_api.pass_time(2)
        return response

    local_api.restore_job()
    with watched(local_api, pass_time) as url:
        dom, complaints = drawn(url)
    assert "0 %" not in re.findall(r">\s*(\d+ %)", dom)
    assert re.search(r"\b(20|40|60|80) %", dom)
    assert complaints == ""


@needs_chromium
def test_it_says_when_the_emulator_is_gone(local_api: Api) -> None:
    def go(_request: Request, response: Response, looks: int) -> Response:
        return response if looks == 0 else Response(503)

    local_api.ready_index("movies")
    with watched(local_api, go) as url:
        dom, _ = drawn(url)
    assert '<body class="gone">' in dom
    assert "movies" in dom


@needs_chromium
def test_text_from_clients_is_not_executed(local_api: Api) -> None:
    write_everywhere(local_api, ALIVE)
    with watched(local_api) as url:
        dom, complaints = drawn(url)
    assert "<title>Emulator</title>" in dom
    assert "onerror" in dom
    assert "<img" not in dom
    assert complaints == ""
