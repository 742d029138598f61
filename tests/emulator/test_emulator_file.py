"""A data file: it survives a crash, belongs to one process, and foreign files are refused."""

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from pinecone_control.emulator import Emulator, EmulatorDataError, ManualClock, ScaledClock
from pinecone_control.emulator.servers.http_server import RunningServer
from tests.emulator.conftest import Switch
from tests.emulator.steps import Api, manual_emulator

pytestmark = pytest.mark.journey

ROUNDS = int(os.environ.get("EMULATOR_KILL_ROUNDS", "5"))
"""How often the process is killed; `EMULATOR_KILL_ROUNDS=100` is the long run."""

SERVE = """
import sys
from pinecone_control.emulator import Emulator, run
with Emulator(sys.argv[1]) as emulator:
    run(emulator, on_ready=lambda url: print(url, flush=True))
"""


@contextmanager
def serving(data: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    command = [sys.executable, "-c", SERVE, str(data)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()


def test_what_was_acknowledged_is_there_after_closing_and_opening(tmp_path: Path) -> None:
    data = tmp_path / "emulator.db"
    with manual_emulator(data=data) as emulator:
        job = Api.in_process(emulator).restore_job()
    with manual_emulator(data=data) as emulator:
        assert Api.in_process(emulator).job(job) == job


@pytest.mark.parametrize("there_already", [False, True])
def test_a_data_file_is_private_to_its_owner(tmp_path: Path, *, there_already: bool) -> None:
    data = tmp_path / "emulator.db"
    if there_already:
        manual_emulator(data=data).close()
        data.chmod(0o644)
    with manual_emulator(data=data) as emulator:
        Api.in_process(emulator).index()
        files = list(tmp_path.iterdir())
        assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


def test_acknowledged_writes_survive_a_kill_at_any_moment(tmp_path: Path) -> None:
    data = tmp_path / "emulator.db"
    acknowledged: set[str] = set()
    failed_starts = 0
    for round_ in range(ROUNDS):
        with serving(data) as (process, url):
            failed_starts += not url.startswith("http://")
            acknowledged |= _written_until_killed(process, url, round_)
    with Emulator(data) as emulator:
        api = Api.in_process(emulator)
        listed = [b["backup_id"] for p in api.pages("/backups", limit=100) for b in p["data"]]
        lost = acknowledged - set(listed)
        twice = len(listed) - len(set(listed))
    written = f"{len(acknowledged)} writes acknowledged, {len(lost)} lost"
    print(f"{ROUNDS} kills, {failed_starts} failed restarts, {written}")  # noqa: T201
    assert len(acknowledged) > ROUNDS
    assert (failed_starts, lost, twice) == (0, set(), 0)


def _written_until_killed(process: subprocess.Popen[str], url: str, round_: int) -> set[str]:
    """Create backups without a pause until the process is killed and no longer responds."""
    acknowledged: set[str] = set()
    with httpx.Client(base_url=url, headers={"Api-Key": "key"}, trust_env=False) as client:
        spec = {"byoc": {"environment": "own"}}
        client.post("/indexes", json={"name": "movies", "dimension": 8, "spec": spec})
        client.post("/_emulator/clock", json={"advance": 5})
        killer = threading.Timer(0.05 + round_ * 0.0037, process.kill)
        killer.start()
        for number in range(100_000):
            try:
                response = client.post("/indexes/movies/backups", json={"name": str(number)})
            except httpx.TransportError:
                return acknowledged
            acknowledged.add(response.json()["backup_id"])
    raise AssertionError("the process outlived its kill")


def test_an_open_file_belongs_to_its_process(tmp_path: Path) -> None:
    data = tmp_path / "emulator.db"
    with Emulator(data):
        command = [sys.executable, "-c", SERVE, str(data)]
        second = subprocess.run(command, capture_output=True, text=True, check=False)
    assert second.returncode == 1
    assert f"EmulatorDataError: {data}: is in use by another process" in second.stderr


def test_an_open_file_is_not_opened_again_in_the_same_process(tmp_path: Path) -> None:
    data = tmp_path / "emulator.db"
    with Emulator(data), pytest.raises(EmulatorDataError, match="in use"):
        Emulator(data)
    with Emulator(data):
        pass


@pytest.mark.parametrize("content", [b"plain text", b"SQLite format 3\x00", b"\x00" * 4096])
def test_a_file_of_another_format_is_refused_and_left_as_it_is(
    tmp_path: Path, content: bytes
) -> None:
    data = tmp_path / "notes.txt"
    data.write_bytes(content)
    with pytest.raises(EmulatorDataError, match=r"notes\.txt: is not an emulator data file") as e:
        Emulator(data)
    assert "\n" not in str(e.value)
    assert data.read_bytes() == content
    assert list(tmp_path.iterdir()) == [data]


def test_another_sqlite_file_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    data = tmp_path / "other.db"
    with sqlite3.connect(data) as connection:
        connection.execute("CREATE TABLE notes (text)")
    connection.close()
    before = data.read_bytes()
    with pytest.raises(EmulatorDataError, match="is not an emulator data file"):
        Emulator(data)
    assert data.read_bytes() == before


def test_a_file_of_another_version_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    data = tmp_path / "emulator.db"
    Emulator(data).close()
    with sqlite3.connect(data) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = data.read_bytes()
    with pytest.raises(EmulatorDataError, match="has format version 99"):
        Emulator(data)
    assert data.read_bytes() == before


def test_an_empty_file_is_a_new_one(tmp_path: Path) -> None:
    data = tmp_path / "emulator.db"
    data.touch()
    with Emulator(data) as emulator:
        Api.in_process(emulator).index()


def test_a_directory_and_a_missing_directory_are_named(tmp_path: Path) -> None:
    with pytest.raises(EmulatorDataError, match="cannot be read"):
        Emulator(tmp_path)
    with pytest.raises(EmulatorDataError, match="the directory does not exist"):
        Emulator(tmp_path / "none" / "emulator.db")


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    data = tmp_path / "emulator.db"
    with manual_emulator(data=data) as emulator:
        Api.in_process(emulator).index()
    damaged = data.read_bytes()[:200] + b"\xff" * 8000
    data.write_bytes(damaged)
    with pytest.raises(EmulatorDataError, match="cannot be used"):
        Emulator(data)
    assert data.read_bytes() == damaged


@pytest.mark.parametrize("clock", [ManualClock, lambda: ScaledClock(60)])
def test_emulated_time_goes_on_where_the_file_left_it(tmp_path: Path, clock: type) -> None:
    data = tmp_path / "emulator.db"
    with Emulator(data, clock=clock()) as emulator:
        emulator.clock.advance(1_000_000)
        job = Api.in_process(emulator).restore_job()
        left = emulator.clock.time()
    with Emulator(data, clock=clock()) as emulator:
        assert emulator.clock.time() >= left - 2
        assert Api.in_process(emulator).job(job)["status"] == "Pending"


def test_ids_go_on_after_the_file_was_closed(tmp_path: Path) -> None:
    data = tmp_path / "emulator.db"
    jobs = []
    for name in ("one", "two", "three"):
        with manual_emulator(data=data) as emulator:
            api = Api.in_process(emulator)
            jobs.append(api.restore(api.ready_backup()["backup_id"], name)["restore_job_id"])
    assert len(set(jobs)) == 3


def test_the_demo_comes_once_into_a_file(tmp_path: Path) -> None:
    data = tmp_path / "emulator.db"
    for _ in range(2):
        with manual_emulator(data=data) as emulator:
            emulator.seed("demo", restore_jobs=20)
            assert len(Api.in_process(emulator).get("/restore-jobs", limit=100)["data"]) == 20


def test_no_key_gets_into_the_file(tmp_path: Path) -> None:
    data = tmp_path / "emulator.db"
    with manual_emulator(data=data) as emulator:
        Api.in_process(emulator).as_project("pcsk-very-secret").index("findable")
    content = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"findable" in content
    assert b"pcsk-very-secret" not in content


def test_a_store_that_fails_is_a_500_in_the_documented_shape(
    tmp_path: Path, server: RunningServer, switch: Switch
) -> None:
    with manual_emulator(data=tmp_path / "emulator.db") as emulator:
        switch.emulator = emulator
        api = Api.in_process(emulator)
        backup = api.ready_backup()["backup_id"]
        emulator.close()
        response = httpx.post(
            f"{server.url}/backups/{backup}/create-index",
            json={"name": "copy"},
            headers={"Api-Key": "key"},
            trust_env=False,
        )
    assert response.status_code == 500
    assert response.json()["error"]["code"] == "UNKNOWN"
