"""`--debug`: every request and answer on stderr, the API key masked."""

import time
from collections.abc import Iterator
from typing import Final, cast

import httpx

from pinecone_control._core.credentials import Secret
from pinecone_control._core.settings import Settings
from pinecone_control._core.text import shown
from pinecone_control._http.network import Verify
from pinecone_control._sync.network_transport import NetworkTransport
from pinecone_control.cli.screen import say
from pinecone_control.retry import DEFAULT_RETRY
from pinecone_control_api import API_VERSION

_LONGEST_BODY: Final = 2_000
_SECRET: Final = frozenset(
    {"api-key", "authorization", "proxy-authorization", "cookie", "set-cookie"}
)


class DebugTransport(httpx.BaseTransport):
    """Passes requests on to another transport, and tells what goes over the wire."""

    def __init__(self, inner: httpx.BaseTransport, key: Secret) -> None:
        self._inner = inner
        self._tell = _Teller(key)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Tell the request, send it, and tell the answer once it was read."""
        self._tell(">", f"{request.method} {request.url}", request.headers, request.read())
        started = time.monotonic()
        try:
            response = self._inner.handle_request(request)
        except Exception as error:
            self._tell("<", f"{type(error).__name__}: {error} [{_since(started)}]")
            raise
        response.stream = _Tapped(response, started, self._tell)
        return response

    def close(self) -> None:
        """Close the transport below."""
        self._inner.close()


class _Tapped(httpx.SyncByteStream):
    """The body of an answer, of which a start is kept while others read it."""

    def __init__(self, response: httpx.Response, started: float, tell: "_Teller") -> None:
        self._inner = cast("httpx.SyncByteStream", response.stream)
        self._line = f"{response.status_code} {response.reason_phrase}".rstrip()
        self._headers = response.headers
        self._started = started
        self._tell = tell
        self._seen = bytearray()

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._inner:
            if len(self._seen) < 4 * _LONGEST_BODY:
                self._seen += chunk
            yield chunk

    def close(self) -> None:
        line = f"{self._line} [{_since(self._started)}]"
        self._tell("<", line, self._headers, bytes(self._seen))
        self._inner.close()


def debug_transport(
    api_key: str, host: str | None, verify: Verify, *, plain_http_allowed: bool
) -> DebugTransport:
    """Return a transport to where the client would send, made as the client makes its own.

    Raises:
        PineconeValueError: a setting that no client accepts.
    """
    settings = Settings.resolve(
        api_key=Secret(api_key),
        host=host,
        timeout=1.0,
        deadline=1.0,
        retry=DEFAULT_RETRY,
        headers=None,
        user_agent_suffix=None,
        max_response_bytes=1,
        plain_http_allowed=plain_http_allowed,
        api_version=API_VERSION,
    )
    return DebugTransport(
        NetworkTransport(settings.host, verify=verify, proxy=None), settings.api_key
    )


class _Teller:
    """Writes one side of an exchange; the key is masked, in echoes too."""

    def __init__(self, key: Secret) -> None:
        self._key = key

    def __call__(
        self, mark: str, line: str, headers: httpx.Headers | None = None, body: bytes = b""
    ) -> None:
        self._say(f"{mark} {line}")
        headers = httpx.Headers() if headers is None else headers
        for name, value in headers.items():
            self._say(f"{mark} {name}: {'***' if name.lower() in _SECRET else value}")
        if not body:
            return
        if "content-encoding" in headers:
            self._say(f"{mark} ({len(body)} bytes, {headers['content-encoding']})")
            return
        text = body[: 4 * _LONGEST_BODY].decode("utf-8", "replace")
        self._say(f"{mark} {shown(text, _LONGEST_BODY)}")

    def _say(self, line: str) -> None:
        say(self._key.redact(line))


def _since(started: float) -> str:
    return f"{time.monotonic() - started:.3f} s"
