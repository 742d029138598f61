"""Iterate all restore jobs with httpx and orjson: dicts, no models, no checks."""

import sys

import httpx
import orjson  # type: ignore[import-not-found]

from scripts.bench.programs.cost import report


def main(host: str, jobs: str, limit: str) -> None:
    url = f"{host}/restore-jobs"
    settings = {} if limit == "default" else {"limit": limit}
    with (
        httpx.Client(headers={"Api-Key": "jobs-1"}) as first,
        httpx.Client(headers={"Api-Key": f"jobs-{jobs}"}) as client,
    ):
        orjson.loads(first.get(url, params=settings).content)

        def drain() -> int:
            count, params = 0, settings
            while True:
                page = orjson.loads(client.get(url, params=params).content)
                for _ in page["data"]:
                    count += 1
                if not page.get("pagination"):
                    return count
                params = {"paginationToken": page["pagination"]["next"]}

        report(drain)


main(*sys.argv[1:])
