"""The status page: what it shows, that nothing in it comes alive, and that it refreshes itself."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
import pytest

from pinecone_control.emulator import Fault, Settings
from pinecone_control.emulator.doors.asgi import AsgiApp
from pinecone_control.emulator.doors.server import serve
from pinecone_control.emulator.messages import Request, Response
from scripts.docs.emulator_screenshot import chromium, look
from tests.emulator.steps import POD, Api, manual_emulator

BROWSER_ACCEPTS = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
ALIVE = "<img src=x onerror=\"document.title='alive'\"><script>document.title='alive'</script>"


def answer(api: Api, path: str = "/_emulator/") -> httpx.Response:
    return api.client.get(path, headers={"Accept": BROWSER_ACCEPTS})


def page(api: Api) -> str:
    response = answer(api)
    assert response.status_code == 200
    return response.text


def text_of(html: str) -> str:
    visible = re.sub(r"<(style|script)>.*?</\1>", "", html, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", visible))


@pytest.mark.parametrize("path", ["/_emulator", "/_emulator/"])
def test_a_browser_gets_html_and_a_program_json(api: Api, path: str) -> None:
    assert answer(api, path).headers["content-type"] == "text/html; charset=utf-8"
    for accepted in ("application/json", "*/*", ""):
        response = api.client.get(path, headers={"Accept": accepted})
        assert "paths" in response.json()


def test_an_emulator_without_clients_says_how_to_become_one(api: Api) -> None:
    shown = text_of(page(api))
    assert "No client has come yet" in shown
    assert re.search(r"export PINECONE_CONTROLLER_HOST=http://(emulator|127\.0\.0\.1:\d+)", shown)


def test_sample_data_that_waits_for_a_client_is_announced(api: Api) -> None:
    api.emulator.seed("demo")
    assert "It gets the sample data with it." in text_of(page(api))


def test_it_shows_what_there_is(api: Api) -> None:
    job = api.restore(api.ready_backup("movies", name="nightly")["backup_id"], "copy")
    api.ready_index("catalog", POD, deletion_protection="enabled", tags={"team": "shop"})
    api.call("POST", "/collections", {"name": "static", "source": "catalog"})
    shown = text_of(page(api))
    for expected in (
        "copy Pending",
        job["restore_job_id"],
        "catalog protected Ready dense 8, cosine pod, us-east-1-aws p1.x1 team: shop",
        "nightly Ready movies",
        "static Initializing us-east-1-aws",
        "POST /collections 201 create_collection 0 s ago",
    ):
        assert expected in shown


def test_progress_follows_the_clock(api: Api) -> None:
    api.emulator.plan("restore_job", seconds=600)
    api.restore_job()
    for percent in (0, 25, 50, 75, 100):
        assert f'max="100" value="{percent:.1f}"' in page(api)
        assert f"{percent} %" in text_of(page(api))
        api.pass_time(150)


def test_progress_is_shown_where_the_api_keeps_it_back(api: Api) -> None:
    api.emulator.settings = Settings(shows_progress=False)
    api.restore_job()
    api.pass_time(5)
    assert "50 %" in text_of(page(api))


def test_long_listings_are_cut_and_counted(api: Api) -> None:
    api.emulator.seed("demo")
    api.get("/indexes")
    shown = text_of(page(api))
    assert "Restore jobs 8 of 240" in shown
    assert "Backups 8 of 12" in shown


def test_many_projects_are_cut_and_counted(api: Api) -> None:
    for number in range(12):
        api.as_project(f"key-{number}").index(f"index-{number}")
    shown = text_of(page(api))
    assert shown.count("Project ") == 10
    assert "and 2 more projects" in shown


def test_faults_and_dropped_connections_are_told_from_answers(api: Api) -> None:
    api.emulator.faults.add(Fault(status=503))
    api.emulator.faults.add(Fault(drop=True))
    api.call("GET", "/indexes")
    with pytest.raises(httpx.TransportError):
        api.call("GET", "/backups")
    shown = text_of(page(api))
    assert "/indexes 503 fault" in shown
    assert "/backups dropped fault" in shown


def test_keys_are_never_shown(api: Api) -> None:
    secret = api.as_project("pcsk-very-secret")
    secret.index("findable")
    api.index("other")
    assert "findable" in page(api)
    assert "pcsk-very-secret" not in page(api)


def test_what_clients_wrote_is_text(api: Api) -> None:
    write_everywhere(api, ALIVE)
    html = page(api)
    assert "<img" not in html
    assert html.count("<script>") == 1
    assert "&lt;script&gt;" in html


def test_nothing_but_its_own_script_may_run(api: Api) -> None:
    policy = answer(api).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert re.search(r"script-src 'sha256-[A-Za-z0-9+/=]{44}'$", policy)


def write_everywhere(api: Api, text: str) -> None:
    """Put a text wherever the API takes free text, and into the request log."""
    api.ready_index("movies", {"byoc": {"environment": text}})
    api.backup("movies", name=text, description=text)
    api.call("GET", f"/{text}", **{text: text})
    api.client.get("/indexes", headers={"X-Pinecone-Api-Version": text[:20]})


# ---------------------------------------------------------------------------- in a real browser

needs_chromium = pytest.mark.skipif(chromium() is None, reason="no chromium is installed")

Change = Callable[[Request, Response, int], Response]


@contextmanager
def watched(api: Api, change: Change) -> Iterator[str]:
    """Serve the emulator; `change` sees each answer to the browser and how many came before."""
    looks: list[Request] = []

    def handle(request: Request) -> Response:
        looks.append(request)
        return change(request, api.emulator.handle(request), len(looks) - 1)

    with serve(AsgiApp(handle, api.emulator.clock, lambda: 1000)) as serving:
        yield f"{serving.url}/_emulator/"


def drawn(url: str) -> tuple[str, str]:
    """The page as the browser has it after three seconds, and what it complained about."""
    browser = chromium()
    assert browser is not None
    options = ["--dump-dom", "--virtual-time-budget=3000", "--enable-logging=stderr"]
    done = look(browser, url, *options)
    complaints = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    return done.stdout, "\n".join(complaints)


@pytest.fixture
def local_api() -> Iterator[Api]:
    with manual_emulator() as emulator:

        def door(api_key: str) -> httpx.Client:
            transport = emulator.transport()
            headers = {"Api-Key": api_key}
            return httpx.Client(base_url="http://emulator", transport=transport, headers=headers)

        yield Api(emulator, door("key"), door)


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
def test_what_clients_wrote_does_not_come_alive(local_api: Api) -> None:
    write_everywhere(local_api, ALIVE)
    with watched(local_api, lambda _request, response, _looks: response) as url:
        dom, complaints = drawn(url)
    assert "<title>Emulator</title>" in dom
    assert "onerror" in dom
    assert complaints == ""
