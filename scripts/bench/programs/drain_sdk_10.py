"""Iterate all restore jobs with Pinecone's SDK 10, whose users write the loop."""

import sys

from pinecone import Pinecone  # type: ignore[import-not-found]

from scripts.bench.programs.cost import report


def main(host: str, jobs: str, limit: str) -> None:
    settings = {} if limit == "default" else {"limit": int(limit)}
    Pinecone(api_key="jobs-1", host=host).restore_jobs.list(**settings)
    pc = Pinecone(api_key=f"jobs-{jobs}", host=host)

    def drain() -> int:
        count, page = 0, pc.restore_jobs.list(**settings)
        while True:
            for _ in page:
                count += 1
            if not (page.pagination and page.pagination.next):
                return count
            page = pc.restore_jobs.list(pagination_token=page.pagination.next)

    report(drain)


main(*sys.argv[1:])
