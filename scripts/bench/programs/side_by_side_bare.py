"""Ask for a restore job many times, concurrently, with asyncio alone and no HTTP library."""

import asyncio
import sys

from scripts.bench.programs.cost import report

REQUEST = b"GET /restore-jobs/some HTTP/1.1\r\nHost: localhost\r\nApi-Key: jobs-1\r\n\r\n"


async def describe(host: str, times: int, at_once: int) -> int:
    address, _, port = host.removeprefix("http://").partition(":")
    tickets = iter(range(times))

    async def work() -> int:
        reader, writer = await asyncio.open_connection(address, int(port))
        count = 0
        for _ in tickets:
            writer.write(REQUEST)
            await reader.readuntil(b"}")
            count += 1
        writer.close()
        return count

    return sum(await asyncio.gather(*(work() for _ in range(at_once))))


def main(host: str, times: str, at_once: str) -> None:
    asyncio.run(describe(host, 1, 1))
    report(lambda: asyncio.run(describe(host, int(times), int(at_once))))


main(*sys.argv[1:])
