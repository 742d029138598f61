"""Parse a page of restore jobs as Pinecone's SDK 10 does: timestamps stay strings."""

import sys

from pinecone._internal.adapters.restore_jobs_adapter import (  # type: ignore[import-not-found]
    RestoreJobsAdapter,
)

from scripts.bench.prepared_server import page
from scripts.bench.programs.cost import report


def main(times: str) -> None:
    body, parse = page(100), RestoreJobsAdapter().to_restore_job_list
    parse(body)
    report(lambda: len(list(parse(body))), times=int(times))


main(*sys.argv[1:])
