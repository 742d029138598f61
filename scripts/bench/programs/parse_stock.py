"""Parse a page of restore jobs as the models do that openapi-python-client generates by itself."""

import json
import sys

from stock_client.models.restore_job_list import RestoreJobList  # type: ignore[import-not-found]

from scripts.bench.prepared_server import page
from scripts.bench.programs.cost import report


def main(times: str) -> None:
    body = page(100)
    RestoreJobList.from_dict(json.loads(body))
    report(lambda: len(RestoreJobList.from_dict(json.loads(body)).data), times=int(times))


main(*sys.argv[1:])
