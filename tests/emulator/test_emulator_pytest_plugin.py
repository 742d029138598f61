import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.journey

USERS_TESTS = """
import asyncio

def test_restore_of_ten_minutes(pinecone_emulator, pinecone_client):
    pinecone_emulator.seed("demo")
    pinecone_emulator.plan("restore_job", seconds=600)
    (backup, *_) = [b for b in pinecone_client.list_backups() if b.status == "Ready"]
    job = pinecone_client.create_index_from_backup(backup.backup_id, name="copy")
    done = pinecone_client.wait_for_restore_job(job.restore_job_id, timeout=900)
    assert done.status == "Completed"

def test_each_test_has_an_emulator_of_its_own(pinecone_client):
    assert list(pinecone_client.list_restore_jobs()) == []

def test_an_app_with_a_client_of_its_own(pinecone_environment):
    import subprocess, sys

    pinecone_environment.seed("demo", api_key="pytest")
    app = "import pinecone_control; print(len(list(pinecone_control.Pinecone().list_backups())))"
    said = subprocess.run([sys.executable, "-c", app], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "12"
    assert pinecone_environment.requests.of("list_project_backups")

def test_coroutines(pinecone_emulator, async_pinecone_client):
    pinecone_emulator.seed("demo")

    async def count():
        return len([job async for job in async_pinecone_client.list_restore_jobs()])

    assert asyncio.run(count()) == 240
"""


def test_the_fixtures_make_a_users_test_short(tmp_path: Path) -> None:
    (tmp_path / "test_users.py").write_text(USERS_TESTS)
    command = [sys.executable, "-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider"]
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60
    )
    assert "4 passed" in done.stdout, done.stdout + done.stderr
