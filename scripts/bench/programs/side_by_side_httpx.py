"""Describe many restore jobs, concurrently, with httpx and orjson."""

import asyncio
import sys

import httpx
import orjson  # type: ignore[import-not-found]

from scripts.bench.programs.cost import report


async def describe(host: str, times: int, at_once: int) -> int:
    tickets = iter(range(times))

    async with httpx.AsyncClient(base_url=host, headers={"Api-Key": "jobs-1"}) as client:

        async def work() -> int:
            found = [
                orjson.loads((await client.get("/restore-jobs/some")).content) for _ in tickets
            ]
            return len(found)

        return sum(await asyncio.gather(*(work() for _ in range(at_once))))


def main(host: str, times: str, at_once: str) -> None:
    asyncio.run(describe(host, 1, 1))
    report(lambda: asyncio.run(describe(host, int(times), int(at_once))))


main(*sys.argv[1:])
