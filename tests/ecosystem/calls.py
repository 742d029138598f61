"""Calls of both clients, and what a tool should see of each: one call, of one or two attempts."""

import asyncio
from collections.abc import Callable
from typing import Any, Final, Literal

from attrs import frozen

from pinecone_control import AsyncPinecone, Pinecone, RetryPolicy
from pinecone_control.emulator import Emulator, Fault

KEY: Final = "pcsk-ecosystem-key-that-is-long-enough"
SPEC: Final = {"serverless": {"cloud": "aws", "region": "us-east-1"}}
QUICK: Final = RetryPolicy(backoff=0.001)

Exchange = tuple[str, int]
"""Method and status of a request that a tool saw."""


@frozen
class Call:
    """One call, and what goes over the network for it."""

    use: Callable[[Any], Any]
    attempts: tuple[Exchange, ...]
    faults: tuple[Fault, ...] = ()

    @property
    def as_one(self) -> list[Exchange]:
        """What a tool above the retries sees."""
        return [self.attempts[-1]]

    @property
    def each(self) -> list[Exchange]:
        """What a tool below the retries sees."""
        return list(self.attempts)


def _create(pc: Any) -> Any:
    return pc.create_index("docs", dimension=3, spec=SPEC)


CALLS: Final = {
    "GET": Call(lambda pc: pc.list_indexes(), (("GET", 200),)),
    "POST": Call(_create, (("POST", 201),)),
    "GET, retried": Call(
        lambda pc: pc.list_indexes(), (("GET", 503), ("GET", 200)), (Fault(status=503),)
    ),
    "POST, retried": Call(_create, (("POST", 429), ("POST", 201)), (Fault(status=429),)),
}


@frozen
class Client:
    """A client of either kind, as a test uses it."""

    flavour: Literal["sync", "async"]

    def make(self, call: Call, prepare: Callable[[Any], Any] = lambda _: None) -> Any:
        """Make a call to an emulator that plays its faults; return what the call returned.

        Args:
            call: the call.
            prepare: is given the client before the call.
        """
        with Emulator() as emulator, emulator.serve() as server:
            for fault in call.faults:
                emulator.faults.add(fault)
            return self.ask(server.url, call.use, prepare)

    def ask(
        self,
        url: str,
        use: Callable[[Any], Any],
        prepare: Callable[[Any], Any] = lambda _: None,
        **settings: Any,
    ) -> Any:
        """Make a call to a server; return what the call returned."""
        if self.flavour == "sync":
            with Pinecone(KEY, url, retry=QUICK, **settings) as pc:
                prepare(pc)
                return use(pc)

        async def main() -> Any:
            async with AsyncPinecone(KEY, url, retry=QUICK, **settings) as pc:
                prepare(pc)
                return await use(pc)

        return asyncio.run(main())
