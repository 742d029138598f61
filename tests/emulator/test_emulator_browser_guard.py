"""No web page of another origin reads or changes an emulator."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from pinecone_control.emulator import Emulator, Settings
from scripts.docs.emulator_screenshot import chromium, look
from tests.emulator.steps import manual_emulator

PAGE = """<!doctype html><title>loading</title><script>
const asked = [];
for (const host of HOSTS) {
  const send = (path, options) =>
    asked.push(fetch(`http://${host}${path}`, options).catch(() => 0));
  send('/_emulator/reset', {method: 'POST', mode: 'no-cors'});
  send('/_emulator/seed', {method: 'POST', mode: 'no-cors', body: '{}'});
  send('/_emulator/clock', {method: 'POST', mode: 'no-cors', body: '{"advance": 60}'});
  send('/_emulator/faults', {method: 'POST', mode: 'no-cors', body: '{"status": 503}'});
  send('/_emulator/faults', {method: 'DELETE'});
  send('/_emulator/requests', {method: 'DELETE', mode: 'cors'});
  send('/indexes', {method: 'POST', headers: {'Api-Key': 'key'}, body: BODY});
  send('/indexes/movies', {method: 'DELETE', headers: {'Api-Key': 'key'}});
  send('/indexes', {mode: 'no-cors'});
}
const form = document.createElement('form');
form.method = 'post'; form.action = `http://${HOSTS[0]}/_emulator/reset`; form.target = 'frame';
document.write('<iframe name="frame"></iframe>');
document.body.append(form); form.submit();
Promise.all(asked).then((sent) => { document.title = `sent ${sent.length}`; });
</script>"""


@contextmanager
def served(settings: Settings | None = None) -> Iterator[tuple[Emulator, str]]:
    with manual_emulator(settings=settings or Settings()) as emulator, emulator.serve() as server:
        yield emulator, server.url


def ask(url: str, path: str = "/_emulator/clock", **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.get(f"{url}{path}", headers=named, trust_env=False)


@pytest.mark.parametrize("path", ["/_emulator/clock", "/_emulator/", "/indexes", "/none"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.test"},
        {"Host": "evil.test:80"},
        {"Host": "192.0.2.1"},
        {"Host": "[::1"},
        {"Host": "localhost.evil.test"},
        {"Host": "127.0.0.1.evil.test"},
        {"Origin": "http://evil.test"},
        {"Origin": "https://127.0.0.1"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "no-cors"},
        {"Sec_Fetch_Site": "same-site", "Sec_Fetch_Mode": "cors"},
        {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "navigate", "Sec_Fetch_Dest": "iframe"},
    ],
)
def test_another_host_or_origin_is_forbidden(path: str, headers: dict[str, str]) -> None:
    with served() as (emulator, url):
        answer = ask(url, path, **headers)
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "FORBIDDEN")
        assert list(emulator.requests) == []


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Host": "localhost"},
        {"Host": "localhost:5080"},
        {"Host": "app.localhost:5080"},
        {"Host": "127.0.0.9"},
        {"Host": "[::1]:5080"},
        {"Host": "localhost", "Origin": "http://localhost"},
        {"Sec_Fetch_Site": "same-origin", "Sec_Fetch_Mode": "cors"},
        {"Sec_Fetch_Site": "none", "Sec_Fetch_Mode": "navigate"},
        {
            "Sec_Fetch_Site": "cross-site",
            "Sec_Fetch_Mode": "navigate",
            "Sec_Fetch_Dest": "document",
        },
    ],
)
def test_loopback_and_its_own_pages_are_served(headers: dict[str, str]) -> None:
    with served() as (_, url):
        assert ask(url, **headers).status_code == 200


def test_origins_and_hosts_can_be_allowed() -> None:
    settings = Settings(allowed_origins={"http://app.test"}, allowed_hosts={"emulator"})
    with served(settings) as (_, url):
        assert ask(url, Origin="http://app.test").status_code == 200
        assert ask(url, Host="emulator:5080").status_code == 200
        assert ask(url, Origin="http://other.test").status_code == 403


def test_an_address_of_all_interfaces_is_known_by_each_address() -> None:
    with manual_emulator() as emulator, emulator.serve("0.0.0.0") as server:
        url = f"http://127.0.0.1:{server.port}"
        assert ask(url, Host="192.0.2.1").status_code == 200
        assert ask(url, Host="evil.test").status_code == 403


@contextmanager
def other_origin(page: str) -> Iterator[int]:
    """Run a web server with one page; yield its port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.skipif(chromium() is None, reason="no chromium is installed")
@pytest.mark.parametrize("site", ["127.0.0.1", "evil.test"])
def test_a_page_of_another_origin_changes_nothing(site: str) -> None:
    browser = chromium()
    assert browser is not None
    with served() as (emulator, url):
        headers = {"Api-Key": "key", "Content-Type": "application/json"}
        body = '{"name":"movies","dimension":8,"spec":{"byoc":{"environment":"own"}}}'
        httpx.post(f"{url}/indexes", headers=headers, content=body, trust_env=False)
        port = url.rpartition(":")[2]
        hosts = [f"{name}:{port}" for name in ("127.0.0.1", "localhost", "evil.test")]
        page = PAGE.replace("HOSTS", str(hosts)).replace("BODY", repr(body))
        with other_origin(page) as other:
            rules = "--host-resolver-rules=MAP evil.test 127.0.0.1"
            options = (rules, "--dump-dom", "--virtual-time-budget=5000")
            dom = look(browser, f"http://{site}:{other}/", *options).stdout
        assert f"<title>sent {9 * len(hosts)}</title>" in dom
        (only,) = emulator.requests
        assert only.operation == "create_index"
        assert emulator.clock.monotonic() == 0
        assert emulator.faults.waiting() == []
        left = httpx.get(f"{url}/indexes", headers=headers, trust_env=False).json()["indexes"]
        assert [index["name"] for index in left] == ["movies"]
