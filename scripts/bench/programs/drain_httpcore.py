"""Iterate all restore jobs with httpcore and orjson: the lower bound of any client on httpx."""

import sys

import httpcore
import orjson  # type: ignore[import-not-found]

from scripts.bench.programs.cost import report


def main(host: str, jobs: str, limit: str) -> None:
    url = f"{host}/restore-jobs"
    query = "" if limit == "default" else f"?limit={limit}"
    headers = [("Api-Key", f"jobs-{jobs}")]
    with httpcore.ConnectionPool() as first, httpcore.ConnectionPool() as pool:
        orjson.loads(first.request("GET", url + query, headers=[("Api-Key", "jobs-1")]).content)

        def drain() -> int:
            count, target = 0, url + query
            while True:
                page = orjson.loads(pool.request("GET", target, headers=headers).content)
                for _ in page["data"]:
                    count += 1
                if not page.get("pagination"):
                    return count
                target = f"{url}?paginationToken={page['pagination']['next']}"

        report(drain)


main(*sys.argv[1:])
