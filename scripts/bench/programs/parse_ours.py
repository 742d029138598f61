"""Parse a page of restore jobs as this client does."""

import sys

from pinecone_control_api.models.restore_job_list import RestoreJobList
from scripts.bench.prepared_server import page
from scripts.bench.programs.cost import report


def main(times: str) -> None:
    body = page(100)
    RestoreJobList.from_json(body)
    report(lambda: len(RestoreJobList.from_json(body).data), times=int(times))


main(*sys.argv[1:])
