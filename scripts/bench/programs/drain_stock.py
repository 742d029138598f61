"""Iterate all restore jobs with what openapi-python-client generates by itself."""

import sys

from stock_client import Client  # type: ignore[import-not-found]
from stock_client.api.manage_indexes import list_restore_jobs  # type: ignore[import-not-found]
from stock_client.types import UNSET  # type: ignore[import-not-found]

from scripts.bench.programs.cost import report


def main(host: str, jobs: str, limit: str) -> None:
    settings = {} if limit == "default" else {"limit": int(limit)}
    list_restore_jobs.sync(client=Client(host, headers={"Api-Key": "jobs-1"}), **settings)
    client = Client(host, headers={"Api-Key": f"jobs-{jobs}"})

    def drain() -> int:
        count, page = 0, list_restore_jobs.sync(client=client, **settings)
        while True:
            for _ in page.data:
                count += 1
            if page.pagination is UNSET:
                return count
            page = list_restore_jobs.sync(
                client=client, pagination_token=page.pagination.next_, **settings
            )

    report(drain)


main(*sys.argv[1:])
