# Derived from _async/http_client.py by scripts/generate/derive_sync.py. Do not edit.
"""The httpx client that the generated functions use, without the work that this API never needs."""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlencode

import httpx

EventHooks = Mapping[str, list[Callable[..., Any]]]

_PREPARED: Final = frozenset({"params", "headers", "json"})
_NO_TIMEOUTS: Final = dict.fromkeys(("connect", "read", "write", "pool"))
# Waiters request the same paths again and again, and parsing a URL takes time.
_parsed: Final = lru_cache(maxsize=128)(httpx.URL)


class _Address(httpx.URL):
    """A parsed URL with its query replaced by another one, which is already percent-encoded.

    Parsing the whole URL for each page token took 3 % of a page's time (measured).
    """

    def __init__(self, url: httpx.URL, query: str) -> None:
        super().__init__(url)
        self._uri_reference = self._uri_reference._replace(query=query)


class _NoBody(httpx.ByteStream):
    """A body without chunks: httpcore creates an event for each chunk, even for an empty one."""

    def __iter__(self) -> Iterator[bytes]:
        return
        yield


_NO_BODY: Final = _NoBody(b"")


class _NoCookies(httpx.Cookies):
    """A cookie jar that stays empty: looking for cookies takes a tenth of a call (measured)."""

    def extract_cookies(self, response: httpx.Response) -> None:
        """Ignore the cookies of a response: the API sets none."""


class HttpClient(httpx.Client):
    """An httpx client that sends prepared requests to one host.

    Every call ends in httpx's own `send`, so that event hooks, httpx's log line and the tools that
    instrument httpx see it. The generated functions give a path, a query and a body; headers are
    prepared once, and nothing is merged (measured: that halves the time of a call in Python).

    Args:
        transport: sends the requests.
        base_url: URL of the control plane.
        headers: of every request.
        event_hooks: as in httpx.
    """

    def __init__(
        self,
        transport: httpx.BaseTransport,
        *,
        base_url: str,
        headers: Mapping[str, str],
        event_hooks: EventHooks | None = None,
    ) -> None:
        super().__init__(
            transport=transport,
            base_url=base_url,
            headers=headers,
            trust_env=False,
            event_hooks=event_hooks,
        )
        self._host: Final = base_url
        self._prepared: Final = httpx.Request("GET", base_url, headers=headers).headers
        self._cookies = _NoCookies()

    def request(
        self,
        method: str,
        url: httpx.URL | str,
        **given: Any,
    ) -> httpx.Response:
        """Send a request to a path of the API and return its complete response."""
        if not given.keys() <= _PREPARED:  # not from a generated function
            return super().request(method, url, **given)
        address, headers = _parsed(f"{self._host}{url}"), self._prepared
        if params := given.get("params"):
            address = _Address(address, urlencode(params))
        if "headers" in given:
            headers = httpx.Headers(headers)
            headers.update(given["headers"])
        body: dict[str, Any] = {"stream": _NO_BODY}
        if "json" in given:
            body = {"json": given["json"]}
        request = httpx.Request(
            method.upper(),
            address,
            headers=headers,
            # The transport sets the timeouts of each attempt; with these, httpx computes none.
            extensions={"timeout": _NO_TIMEOUTS},
            **body,
        )
        response = self.send(request)
        response.raise_for_status()  # the transport has raised, unless a tool replaces it
        # The stream was read. It refers to the response; without it, no reference cycle keeps the
        # body in memory.
        response.stream = _NO_BODY
        return response
