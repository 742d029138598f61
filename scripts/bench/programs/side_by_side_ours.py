"""Describe many restore jobs, concurrently, with this client."""

import asyncio
import sys
from collections.abc import Callable

import httpx

from pinecone_control import AsyncPinecone
from scripts.bench.programs.cost import report

TRANSPORTS: dict[str, Callable[[], httpx.AsyncBaseTransport]] = {
    "--one-pool": httpx.AsyncHTTPTransport,
    "--http2": lambda: httpx.AsyncHTTPTransport(http1=False, http2=True),
}
"""Settings that a user can choose instead of the default."""


async def describe(pc: AsyncPinecone, times: int, at_once: int) -> int:
    tickets = iter(range(times))

    async def work() -> int:
        return len([await pc.describe_restore_job("some") for _ in tickets])

    return sum(await asyncio.gather(*(work() for _ in range(at_once))))


def main(*arguments: str) -> None:
    option = arguments[0] if arguments[0].startswith("--") else ""
    host, times, at_once = arguments[-3], int(arguments[-2]), int(arguments[-1])
    transport = TRANSPORTS.get(option, lambda: None)
    with asyncio.Runner() as runner:
        # Import now what a client imports when it is first used.
        runner.run(describe(AsyncPinecone("jobs-1", host, transport=transport()), 1, 1))
        pc = AsyncPinecone("jobs-1", host, transport=transport())
        if option == "--warm":
            runner.run(describe(pc, at_once, at_once))
        report(lambda: runner.run(describe(pc, times, at_once)))
        runner.run(pc.close())


main(*sys.argv[1:])
