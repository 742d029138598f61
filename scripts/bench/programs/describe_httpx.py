"""Describe one restore job repeatedly with httpx and orjson."""

import sys

import httpx
import orjson  # type: ignore[import-not-found]

from scripts.bench.programs.cost import report


def main(host: str, times: str) -> None:
    with httpx.Client(base_url=host, headers={"Api-Key": "jobs-1"}) as client:
        client.get("/restore-jobs/some")
        report(
            lambda: bool(orjson.loads(client.get("/restore-jobs/some").content)), times=int(times)
        )


main(*sys.argv[1:])
