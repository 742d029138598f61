"""A small server that behaves like the emulator, with one mistake planted in its responses."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from attrs import define, field

from pinecone_control.emulator import Emulator, ManualClock
from pinecone_control.emulator.api.http_messages import Request
from scripts.proofs.replay import Canned, Seen, serving


@define
class Reply:
    """A response before it is sent; a mistake changes it."""

    method: str
    path: str
    query: str
    signed: bool
    status: int
    headers: dict[str, str]
    content: bytes
    dropped: bool = False

    @property
    def json(self) -> Any:
        return json.loads(self.content)

    @json.setter
    def json(self, value: Any) -> None:
        self.content = json.dumps(value).encode()

    def patch(self, **changes: Any) -> None:
        """Change fields of the body."""
        self.json = {**self.json, **changes}

    @property
    def is_ok(self) -> bool:
        return self.status == 200


Mistake = Callable[[Reply], None]


@define
class Planted:
    """The running server."""

    url: str
    emulator: Emulator
    seen: list[str] = field(factory=list)


@contextmanager
def planted(mistake: Mistake = lambda _: None) -> Iterator[Planted]:
    """Run the server on a free port of this machine."""

    def answer(seen: Seen) -> Canned | None:
        answered = emulator.handle(
            Request(seen.method, seen.path, seen.raw_query, seen.headers, seen.body)
        )
        emulator.clock.sleep(1.0)
        state.seen.append(f"{seen.method} {seen.path}")
        reply = Reply(
            seen.method,
            seen.path,
            seen.raw_query,
            "api-key" in seen.headers,
            answered.status,
            dict(answered.headers),
            answered.body,
        )
        mistake(reply)
        return None if reply.dropped else Canned(reply.status, reply.content, reply.headers)

    with (
        Emulator(clock=ManualClock(), seed="planted") as emulator,
        serving(answer) as url,
    ):
        emulator.seed("demo")
        state = Planted(url, emulator)
        yield state
