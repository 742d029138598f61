"""Describe many restore jobs, concurrently, each worker on a connection of httpcore's own.

The lower bound of any client on httpx: no pool, no client, no models.
"""

import asyncio
import sys

import httpcore
import orjson  # type: ignore[import-not-found]

from scripts.bench.programs.cost import report


async def describe(host: str, times: int, at_once: int) -> int:
    url = httpcore.URL(f"{host}/restore-jobs/some")
    headers = [("Host", "localhost"), ("Api-Key", "jobs-1")]
    tickets = iter(range(times))

    async def work() -> int:
        count = 0
        async with httpcore.AsyncHTTPConnection(url.origin) as connection:
            for _ in tickets:
                answer = await connection.request("GET", url, headers=headers)
                count += bool(orjson.loads(answer.content))
        return count

    return sum(await asyncio.gather(*(work() for _ in range(at_once))))


def main(host: str, times: str, at_once: str) -> None:
    asyncio.run(describe(host, 1, 1))
    report(lambda: asyncio.run(describe(host, int(times), int(at_once))))


main(*sys.argv[1:])
