"""Use the first emulators of a process in eight threads at once, which take turns very often.

Where several threads prepare a class for msgspec at the same time, the interpreter crashes, but
only sometimes. Therefore this also fails if a class is prepared later than at import, unless that
is done under a lock, as the emulator's own endpoints do.
"""

import pkgutil
import sys
import threading

import httpx

import pinecone_control.emulator
from pinecone_control import Pinecone
from pinecone_control.emulator import Emulator, Fault
from pinecone_control.emulator.admin.status_page import StatusQuery

THREADS = 8
UNDER_A_LOCK = {Fault, StatusQuery}


def prepared() -> set[type]:
    """Return the emulator's classes that msgspec has prepared: it keeps what it knows in them."""
    return {
        each
        for each in object.__subclasses__()
        if each.__module__.startswith("pinecone_control.emulator.")
        and "__msgspec_cache__" in vars(each)
    }


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


for module in pkgutil.walk_packages(
    pinecone_control.emulator.__path__, "pinecone_control.emulator."
):
    __import__(module.name)
at_import = prepared()
sys.setswitchinterval(1e-6)
threads = [threading.Thread(target=first_use) for _ in range(THREADS)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert listed == [(True, True, 30)] * THREADS, listed
assert at_import, "msgspec keeps it elsewhere"
assert prepared() - at_import == UNDER_A_LOCK
