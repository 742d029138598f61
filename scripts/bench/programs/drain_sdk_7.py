"""Iterate all restore jobs with Pinecone's SDK 7, whose users write the loop."""

import sys

from pinecone import Pinecone  # type: ignore[import-not-found]

from scripts.bench.programs.cost import report


def main(host: str, jobs: str, limit: str) -> None:
    settings = {} if limit == "default" else {"limit": int(limit)}
    Pinecone(api_key="jobs-1", host=host).list_restore_jobs(**settings)
    pc = Pinecone(api_key=f"jobs-{jobs}", host=host)

    def drain() -> int:
        count, page = 0, pc.list_restore_jobs(**settings)
        while True:
            for _ in page:
                count += 1
            more = getattr(page, "pagination", None)
            if not (more and more.next):
                return count
            page = pc.list_restore_jobs(**settings, pagination_token=more.next)

    report(drain)


main(*sys.argv[1:])
