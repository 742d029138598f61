"""One way to call the synchronous client and the asynchronous one, on asyncio and on trio.

A test states what it wants once, as a function of the client, and runs on all three.
"""

import inspect
from collections.abc import Callable
from typing import Any

import anyio
from attrs import frozen

from pinecone_control import AsyncPinecone, Pinecone


@frozen
class Driver:
    """Calls one kind of client: `sync`, or the asynchronous one on `asyncio` or `trio`."""

    kind: str

    def call(self, use: Callable[[Any], Any], **settings: Any) -> Any:
        """Return what `use` makes of a client; awaited where that is asynchronous."""
        if self.kind == "sync":
            with Pinecone(**settings) as pc:
                return use(pc)
        return self._run(use, settings, _awaited)

    def drain(self, use: Callable[[Any], Any], **settings: Any) -> list[Any]:
        """Return all items of the listing that `use` begins."""
        if self.kind == "sync":
            with Pinecone(**settings) as pc:
                return list(use(pc))
        return self._run(use, settings, _drained)

    def pages(self, use: Callable[[Any], Any], **settings: Any) -> list[Any]:
        """Return all pages of the listing that `use` begins."""
        if self.kind == "sync":
            with Pinecone(**settings) as pc:
                return list(use(pc).iter_pages())
        return self._run(lambda pc: use(pc).iter_pages(), settings, _drained)

    def _run(self, use: Callable[[Any], Any], settings: dict[str, Any], end: Any) -> Any:
        async def main() -> Any:
            async with AsyncPinecone(**settings) as pc:
                return await end(use(pc))

        return anyio.run(main, backend=self.kind)


async def _awaited(answer: Any) -> Any:
    return await answer if inspect.isawaitable(answer) else answer


async def _drained(listing: Any) -> list[Any]:
    return [item async for item in listing]
