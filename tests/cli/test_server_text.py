"""What a server says cannot drive a terminal, nor a spreadsheet, nor forge a row of a file."""

import csv
import io
import json
import re
import socketserver
from collections.abc import Iterator
from threading import Thread

import pytest

from pinecone_control import Pinecone
from pinecone_control.emulator import Emulator, Fault
from tests.cli.shell import Shell

SERVERLESS = {"serverless": {"cloud": "aws", "region": "us-east-1"}}
# A screen that is cleared, a title and a clipboard that are set, C1, an overwritten line, bidi.
EVIL = "\x1b[2J\x1b]0;owned\x07\x1b]52;c;AAAA\x1b\\\x9b31m\rgone\u202etxt.exe\u2066\u2028\x00é電"
COLOURS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@pytest.fixture
def speed() -> float:
    return 60


@pytest.fixture
def backup(pc: Pinecone) -> str:
    pc.create_index("movies", spec=SERVERLESS, dimension=8, wait=True)
    return pc.create_backup("movies", name=EVIL, description=EVIL, wait=True).backup_id


def is_harmless(shown: str) -> bool:
    text = COLOURS.sub("", shown.replace("\r\n", "\n"))
    return all(c.isprintable() or c in "\n\r" for c in text) and "owned" not in re.findall(
        r"\x1b\].*?\x07", shown
    )


@pytest.mark.usefixtures("backup")
@pytest.mark.parametrize("form", ["table", "wide", "json", "jsonl", "csv", "spreadsheet", "yaml"])
@pytest.mark.parametrize("verb", ["list", "describe"])
def test_terminal_gets_no_control_characters(
    shell: Shell, backup: str, verb: str, form: str
) -> None:
    words = [backup] if verb == "describe" else []
    shown = shell.on_terminal("backups", verb, *words, "-o", form, NO_COLOR="1").out
    assert "movies" in shown
    assert is_harmless(shown), repr(shown)


@pytest.mark.usefixtures("backup")
@pytest.mark.parametrize("form", ["json", "jsonl"])
def test_json_on_a_terminal_is_still_the_same_json(shell: Shell, form: str) -> None:
    shown = shell.on_terminal("backups", "list", "-o", form, width=10_000).out
    (read,) = json.loads(shown) if form == "json" else [json.loads(shown)]
    assert read["name"] == EVIL


@pytest.mark.usefixtures("backup")
def test_debug_and_errors_and_waits_are_harmless(
    shell: Shell, backup: str, emulator: Emulator
) -> None:
    waited = shell.run("backups", "wait", backup, "--debug")
    assert is_harmless(waited.err)
    emulator.faults.add(Fault(status=400, body=json.dumps({"error": {"message": EVIL}})))
    refused = shell.run("backups", "list", "--debug")
    assert refused.code == 1
    assert is_harmless(refused.err)


@pytest.fixture(
    params=[
        b"200 \x1b[2J\r\nServer: fine",
        b"200 OK\r\nServer: \x1b]0;owned\x07",
        b"200 OK\r\nServer: \x9b31m\xc2\x9b2J",
        "200 OK\r\nServer: gone\u202etxt.exe\u2066".encode(),
        b"200 OK\r\nX-\x1b[2J: 1",
    ],
    ids=["reason", "OSC", "C1", "bidi", "name"],
)
def raw_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A server whose response begins with bytes that no decent one sends."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            while self.rfile.readline().strip():
                pass
            body = b'{"indexes":[]}'
            length = b"\r\nContent-Length: %d\r\n\r\n" % len(body)
            self.wfile.write(b"HTTP/1.1 " + request.param + length + body)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_debug_shows_headers_of_a_server_harmlessly(shell: Shell, raw_url: str) -> None:
    words = ("indexes", "list", "--debug", "--deadline", "1", "--host", raw_url)
    piped, shown = shell.run(*words), shell.on_terminal(*words)
    assert "> GET" in piped.err
    assert "> GET" in shown.out
    assert is_harmless(piped.err), repr(piped.err)
    assert is_harmless(shown.out), repr(shown.out)


@pytest.mark.usefixtures("backup")
def test_pipe_gets_what_the_server_said(shell: Shell) -> None:
    assert shell.run("backups", "list", "-o", "json").json[0]["description"] == EVIL


def test_csv_quotes_line_breaks(shell: Shell, pc: Pinecone) -> None:
    pc.create_index("movies", spec=SERVERLESS, dimension=8, wait=True)
    forged = 'x\r\nforged,Ready\nagain,"Ready"\rthird'
    pc.create_backup("movies", name=forged)
    text = shell.run("backups", "list", "-o", "csv", "--columns", "name,status").out
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert len(rows) == 2
    assert rows[1][0].replace("\r\n", "\n") == forged.replace("\r\n", "\n").replace("\r", "\n") or (
        rows[1][0] == forged
    )


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\n=1", "\uff1d1+1"])
def test_spreadsheet_takes_no_text_for_a_formula(shell: Shell, pc: Pinecone, text: str) -> None:
    pc.create_index("movies", spec=SERVERLESS, dimension=8, wait=True)
    pc.create_backup("movies", name=text)
    words = ("backups", "list", "--columns", "name,dimension", "-o")
    (_, row) = csv.reader(io.StringIO(shell.run(*words, "spreadsheet").out))
    assert row == [f"'{text}", "8"]
    (_, row) = csv.reader(io.StringIO(shell.run(*words, "csv").out))
    assert row == [text, "8"]
