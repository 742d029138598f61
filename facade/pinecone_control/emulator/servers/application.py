"""The interface that the servers of this package use of an emulator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pinecone_control.emulator.api.http_messages import Request, Response
    from pinecone_control.emulator.clock import EmulatorClock
    from pinecone_control.emulator.settings import Settings


class Application(Protocol):
    """An emulator, or a substitute for one.

    Attributes:
        clock: the clock on which responses are delayed.
        settings: its `body_limit` is the largest request body that is kept in memory.
    """

    @property
    def clock(self) -> EmulatorClock: ...
    @property
    def settings(self) -> Settings: ...

    def handle(self, request: Request) -> Response:
        """Return the response to a request."""
        ...
