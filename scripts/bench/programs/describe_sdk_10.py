"""Describe one restore job repeatedly with Pinecone's SDK 10."""

import sys

from pinecone import Pinecone  # type: ignore[import-not-found]

from scripts.bench.programs.cost import report


def main(host: str, times: str) -> None:
    pc = Pinecone(api_key="jobs-1", host=host)
    pc.restore_jobs.describe(job_id="some")
    report(lambda: bool(pc.restore_jobs.describe(job_id="some")), times=int(times))


main(*sys.argv[1:])
