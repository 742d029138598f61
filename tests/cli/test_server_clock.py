"""What happens where this machine's clock differs from the server's, told by its Date header."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from pinecone_control import Pinecone
from pinecone_control.emulator import Emulator
from tests.cli.shell import Shell

DAY = 86_400


@contextmanager
def served_with_clock(url: str, ahead: float) -> Iterator[str]:
    """Serve what another server serves, by a clock that is so many seconds ahead."""

    class Forwards(BaseHTTPRequestHandler):
        def date_time_string(self, timestamp: float | None = None) -> str:
            return formatdate((timestamp or time.time()) + ahead, usegmt=True)

        def do_GET(self) -> None:
            answer = httpx.request(self.command, f"{url}{self.path}", headers=dict(self.headers))
            self.send_response(answer.status_code)
            self.send_header("Content-Type", answer.headers["Content-Type"])
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Forwards) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


@pytest.fixture
def backup(pc: Pinecone, emulator: Emulator) -> str:
    """The id of a backup that the emulator made two days from now, by a clock that was moved."""
    spec = {"serverless": {"cloud": "aws", "region": "us-east-1"}}
    pc.create_index("movies", spec=spec, dimension=8, wait=True)
    emulator.clock.advance(2 * DAY)
    return pc.create_backup("movies", wait=True).backup_id


def test_check_counts_ages_by_the_server_s_clock(shell: Shell, url: str, backup: str) -> None:
    with served_with_clock(url, ahead=5 * DAY + 60) as host:
        ended = shell.run("backups", "check", "movies", "--max-age", "2d", "--host", host)
    assert ended.code == 1
    assert f"movies  too old: {backup}, 3 d old" in ended.out
    assert "the clock of this machine is 5 d behind the server's" in ended.err


@pytest.mark.usefixtures("backup")
@pytest.mark.parametrize("form", ["json", "prometheus", "nagios"])
def test_age_of_a_backup_is_never_negative(shell: Shell, url: str, form: str) -> None:
    with served_with_clock(url, ahead=0) as host:
        words = ("movies", "--max-age", "1d", "--format", form, "--host", host)
        ended = shell.run("backups", "check", *words)
    assert ended.code == 0
    zero = {"json": '"age_seconds": 0.0', "nagios": "'movies'=0s;", "prometheus": '="movies"} 0\n'}
    assert zero[form] in ended.out


def test_prune_by_age_is_refused_by_a_clock_that_is_ahead(
    shell: Shell, pc: Pinecone, url: str, backup: str
) -> None:
    with served_with_clock(url, ahead=-3 * DAY) as host:
        words = ("backups", "prune", "--yes", "--host", host)
        ended = shell.run(*words, "--older-than", "1d")
        others = ("--keep-last", "1"), ("--older-than", "2001-01-01")
        codes = [shell.run(*words, *rule).code for rule in others]
    assert ended.code == 1
    assert "nothing was deleted, because the clock of this machine is 3 d ahead of" in ended.err
    assert codes == [0, 0]  # neither depends on what time it is here
    assert [each.backup_id for each in pc.list_backups()] == [backup]
