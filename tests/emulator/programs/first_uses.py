"""Uses the first emulators of a process in eight threads at once, which take turns very often."""

import sys
import threading

import httpx

from pinecone_control import Pinecone
from pinecone_control.emulator import Emulator

THREADS = 8

start = threading.Barrier(THREADS)
listed = []


def first_use() -> None:
    start.wait()
    with Emulator(seed=1) as emulator:
        emulator.seed("demo", restore_jobs=30)
        transport = emulator.transport()
        with httpx.Client(base_url="http://emulator", transport=transport) as admin:
            admin.get("/_emulator/status").raise_for_status()
            admin.post("/_emulator/faults", json={"status": 503}).raise_for_status()
            admin.delete("/_emulator/faults").raise_for_status()
        with Pinecone("demo", "http://emulator", transport=transport) as pc:
            indexes, backups = list(pc.list_indexes()), list(pc.list_backups(limit=2))
            jobs = list(pc.list_restore_jobs(limit=10))
            listed.append((len(indexes) > 1, len(backups) > 1, len(jobs)))


sys.setswitchinterval(1e-6)
threads = [threading.Thread(target=first_use) for _ in range(THREADS)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
sys.exit(listed != [(True, True, 30)] * THREADS)
