"""Iterate all restore jobs with this client."""

import sys

from pinecone_control import Pinecone
from scripts.bench.programs.cost import report


def main(host: str, jobs: str, limit: str) -> None:
    Pinecone("jobs-1", host).list_restore_jobs()
    pc = Pinecone(f"jobs-{jobs}", host)

    def drain() -> int:
        default = limit == "default"
        listing = pc.list_restore_jobs() if default else pc.list_restore_jobs(limit=int(limit))
        count = 0
        for _ in listing:
            count += 1
        return count

    report(drain)


main(*sys.argv[1:])
