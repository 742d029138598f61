"""`--debug`: every call and its answer on stderr, the API key masked."""

import time
from typing import TYPE_CHECKING, Final

from pinecone_control._core.header_names import API_KEY
from pinecone_control._core.text import shown
from pinecone_control.cli.output.terminal import say

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    from pinecone_control import Pinecone

_LONGEST_BODY: Final = 2_000
_MASK: Final = "***"
_SECRET: Final = frozenset(
    {API_KEY.lower(), "authorization", "proxy-authorization", "cookie", "set-cookie"}
)


def show_exchanges(pc: "Pinecone", api_key: str) -> None:
    """Write what a client sends and is answered; attempts in between are told as retries."""
    began: dict[int, float] = {}

    def write(mark: str, line: str) -> None:
        say(f"{mark} {line.replace(api_key, _MASK)}")

    def sent(request: "httpx.Request") -> None:
        began[id(request)] = time.monotonic()
        write(">", f"{request.method} {request.url}")
        # Added to each attempt below this hook.
        _write_headers(">", {**request.headers, API_KEY.lower(): _MASK}, write)
        _write_body(">", request.read(), write)

    def answered(response: "httpx.Response") -> None:
        seconds = time.monotonic() - began.pop(id(response.request), time.monotonic())
        write("<", f"{response.status_code} {response.reason_phrase} [{seconds:.3f} s]")
        _write_headers("<", dict(response.headers), write)
        _write_body("<", response.read(), write)

    hooks = pc.http_client.event_hooks
    pc.http_client.event_hooks = {
        "request": [*hooks["request"], sent],
        "response": [*hooks["response"], answered],
    }


def _write_headers(mark: str, headers: dict[str, str], write: "Callable[[str, str], None]") -> None:
    for name, value in headers.items():
        write(mark, f"{name}: {_MASK if name.lower() in _SECRET else value}")


def _write_body(mark: str, body: bytes, write: "Callable[[str, str], None]") -> None:
    if body:
        write(mark, shown(body[: 4 * _LONGEST_BODY].decode("utf-8", "replace"), _LONGEST_BODY))
