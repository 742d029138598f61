# Derived from _async/http_client.py by scripts/generate/derive_sync.py. Do not edit.
"""httpx client that the generated functions call, without what this API never needs."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlencode

import httpx

EventHooks = Mapping[str, list[Callable[..., Any]]]

_PREPARED: Final = frozenset({"params", "headers", "json"})
_TIMEOUTS: Final = dict.fromkeys(("connect", "read", "write", "pool"))
# Those who wait ask for the same addresses again and again, and parsing one takes time.
_parsed: Final = lru_cache(maxsize=128)(httpx.URL)


class _NoCookies(httpx.Cookies):
    """A cookie jar that stays empty. Looking for cookies is a tenth of a call (measured)."""

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
        """Send a request to a path of the API and return its complete answer."""
        if not given.keys() <= _PREPARED:  # not of a generated function: the long way
            return super().request(method, url, **given)
        params, headers = given.get("params"), self._prepared
        if "headers" in given:
            headers = httpx.Headers(headers)
            headers.update(given["headers"])
        body: dict[str, Any] = {"stream": httpx.ByteStream(b"")}
        if "json" in given:
            body = {"json": given["json"]}
        request = httpx.Request(
            method.upper(),
            _parsed(f"{self._host}{url}{'?' if params else ''}{urlencode(params or {})}"),
            headers=headers,
            # The transport sets them for each attempt; they are here to spare httpx its own.
            extensions={"timeout": _TIMEOUTS},
            **body,
        )
        return self.send(request)
