"""Show each request and its response for `--debug`, with secrets masked."""

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from pinecone_control._core.header_names import API_KEY
from pinecone_control._core.text import shown
from pinecone_control.cli.output.terminal import say

if TYPE_CHECKING:
    import httpx

    from pinecone_control import Pinecone

_LONGEST_BODY: Final = 2_000
_MASK: Final = "***"
_SECRET: Final = frozenset(
    {API_KEY.lower(), "authorization", "proxy-authorization", "cookie", "set-cookie"}
)


def show_exchanges(pc: "Pinecone", api_key: str) -> None:
    """Write each call and its response to stderr. Failed attempts in between show as retries."""
    began: dict[int, float] = {}

    def write(mark: str, first: str, headers: Mapping[str, str], body: bytes) -> None:
        masked = {n: _MASK if n.lower() in _SECRET else value for n, value in headers.items()}
        lines = [first, *(f"{name}: {value}" for name, value in masked.items())]
        if body:
            text = body[: 4 * _LONGEST_BODY].decode("utf-8", "replace")
            lines.append(shown(text, _LONGEST_BODY))
        for line in lines:
            say(f"{mark} {line.replace(api_key, _MASK)}")

    def sent(request: "httpx.Request") -> None:
        began[id(request)] = time.monotonic()
        # The transport adds the key later, to each attempt.
        headers = {**request.headers, API_KEY.lower(): _MASK}
        write(">", f"{request.method} {request.url}", headers, request.read())

    def answered(response: "httpx.Response") -> None:
        seconds = time.monotonic() - began.pop(id(response.request), time.monotonic())
        first = f"{response.status_code} {response.reason_phrase} [{seconds:.3f} s]"
        write("<", first, response.headers, response.read())

    hooks: Mapping[str, list[Callable[..., Any]]] = pc.http_client.event_hooks
    pc.http_client.event_hooks = {
        "request": [*hooks["request"], sent],
        "response": [*hooks["response"], answered],
    }
