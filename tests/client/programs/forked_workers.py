"""Fork workers from a process whose client is in use, and see whether each gets its own answers.

    python forked_workers.py URL CA-FILE warm|in-flight

Prints as JSON how many calls of the workers were answered rightly, wrongly, and not at all.
"""

import json
import os
import sys
from collections import Counter
from threading import Thread

from pinecone_control import Pinecone, PineconeError

WORKERS, CALLS, AT_ONCE = 4, 200, 100


def work(pc: Pinecone, worker: int) -> Counter[str]:
    """Describe restore jobs and create backups, whose answers say what was asked for."""
    counts = Counter[str]()
    for number in range(CALLS):
        asked = f"w{worker}-{number}"
        try:
            job = pc.describe_restore_job(asked)
            counts["right" if job.restore_job_id == asked else "wrong"] += 1
            backup = pc.create_backup(asked, name=asked)
            counts["right" if backup.source_index_name == asked else "wrong"] += 1
        except PineconeError as error:
            counts["lost"] += 1
            print(error, file=sys.stderr)
    return counts


def side_by_side(pc: Pinecone, worker: int) -> Counter[str]:
    """Hold as many calls at once as a client may: a place that was lost would show."""
    counts = Counter[str]()

    def call(number: int) -> None:
        try:
            pc.describe_restore_job(f"slow-{worker}-{number}")
            counts["side by side"] += 1
        except PineconeError as error:
            counts["lost"] += 1
            print(error, file=sys.stderr)

    threads = [Thread(target=call, args=(number,)) for number in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return counts


def in_child(pc: Pinecone, worker: int, write: int) -> None:
    """Work in a forked process, and write what came of it into a pipe."""
    counts = work(pc, worker) + side_by_side(pc, worker)
    pc.close()
    os.write(write, json.dumps(counts).encode())
    os._exit(0)


def main(url: str, authority: str, when: str) -> None:
    verify: str | bool = authority or True
    with Pinecone("k" * 30, url, verify=verify, timeout=10, deadline=20) as pc:
        pc.describe_restore_job("warm")
        calls = [
            Thread(target=pc.describe_restore_job, args=(f"slow-parent-{number}",))
            for number in range(AT_ONCE if when == "in-flight" else 0)
        ]
        for call in calls:
            call.start()
        pipes = []
        for worker in range(WORKERS):
            read, write = os.pipe()
            pid = os.fork()
            if pid == 0:
                in_child(pc, worker, write)
            os.close(write)
            pipes.append((pid, read))
        total = work(pc, WORKERS)  # the parent goes on meanwhile
        for pid, read in pipes:
            with os.fdopen(read, "rb") as pipe:
                total += Counter(json.loads(pipe.read() or b'{"died": 1}'))
            os.waitpid(pid, 0)
        for call in calls:
            call.join()
    print(json.dumps(total))


main(*sys.argv[1:])
