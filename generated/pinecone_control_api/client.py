"""The clients with which the functions of the operations send their requests."""

from __future__ import annotations

import ssl
from typing import Any, Self

import httpx
from attrs import define, evolve, field


@define(eq=False, repr=False)
class Client:
    """A client of the API, without authentication.

    It creates one httpx client for synchronous calls and one for asynchronous calls, each when it
    is first needed.

    Args:
        base_url: URL of the API, to which the paths of the operations are appended.
        cookies: cookies to send with every request.
        headers: headers to send with every request.
        timeout: timeouts of each request; by default there are none.
        verify_ssl: whether to verify certificates, or the certificates or context to verify with.
        follow_redirects: whether to follow redirects.
        httpx_args: further arguments for `httpx.Client` and `httpx.AsyncClient`.
        raise_on_unexpected_status: whether to raise `errors.UnexpectedStatus` for a status that the
            contract does not document; otherwise the result is None.
    """

    raise_on_unexpected_status: bool = field(default=False, kw_only=True)
    _base_url: str = field(alias="base_url")
    _cookies: dict[str, str] = field(factory=dict, kw_only=True, alias="cookies")
    _headers: dict[str, str] = field(factory=dict, kw_only=True, alias="headers")
    _timeout: httpx.Timeout | None = field(default=None, kw_only=True, alias="timeout")
    _verify_ssl: str | bool | ssl.SSLContext = field(default=True, kw_only=True, alias="verify_ssl")
    _follow_redirects: bool = field(default=False, kw_only=True, alias="follow_redirects")
    _httpx_args: dict[str, Any] = field(factory=dict, kw_only=True, alias="httpx_args")
    _client: httpx.Client | None = field(default=None, init=False)
    _async_client: httpx.AsyncClient | None = field(default=None, init=False)

    def with_headers(self, headers: dict[str, str]) -> Self:
        """Return a client with these headers added; this client's httpx clients get them too."""
        for client in filter(None, (self._client, self._async_client)):
            client.headers.update(headers)
        return evolve(self, headers=self._headers | headers)

    def with_cookies(self, cookies: dict[str, str]) -> Self:
        """Return a client with these cookies added; this client's httpx clients get them too."""
        for client in filter(None, (self._client, self._async_client)):
            client.cookies.update(cookies)
        return evolve(self, cookies=self._cookies | cookies)

    def with_timeout(self, timeout: httpx.Timeout) -> Self:
        """Return a client with this timeout; this client's httpx clients get it too."""
        for client in filter(None, (self._client, self._async_client)):
            client.timeout = timeout
        return evolve(self, timeout=timeout)

    def set_httpx_client(self, client: httpx.Client) -> Self:
        """Use this httpx client for synchronous calls; it keeps its own settings. Return `self`."""
        self._client = client
        return self

    def get_httpx_client(self) -> httpx.Client:
        """Return the httpx client for synchronous calls."""
        if self._client is None:
            self._client = httpx.Client(**self._settings())
        return self._client

    def __enter__(self) -> Self:
        self.get_httpx_client().__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        self.get_httpx_client().__exit__(*error)

    def set_async_httpx_client(self, async_client: httpx.AsyncClient) -> Self:
        """Use this httpx client for async calls; it keeps its own settings. Return `self`."""
        self._async_client = async_client
        return self

    def get_async_httpx_client(self) -> httpx.AsyncClient:
        """Return the httpx client for asynchronous calls."""
        if self._async_client is None:
            self._async_client = httpx.AsyncClient(**self._settings())
        return self._async_client

    async def __aenter__(self) -> Self:
        await self.get_async_httpx_client().__aenter__()
        return self

    async def __aexit__(self, *error: Any) -> None:
        await self.get_async_httpx_client().__aexit__(*error)

    def _settings(self) -> dict[str, Any]:
        settings: dict[str, Any] = {
            "base_url": self._base_url,
            "cookies": self._cookies,
            "headers": self._headers,
            "timeout": self._timeout,
            "verify": self._verify_ssl,
            "follow_redirects": self._follow_redirects,
        }
        return settings | self._httpx_args


@define(eq=False, repr=False)
class AuthenticatedClient(Client):
    """A client of the API that sends a token with every request.

    Args:
        base_url: URL of the API. The keyword arguments are those of `Client`.
        token: the token.
        prefix: the text before the token in the header, followed by a space; empty for none.
        auth_header_name: name of the header.
    """

    token: str
    prefix: str = "Bearer"
    auth_header_name: str = "Authorization"

    def _settings(self) -> dict[str, Any]:
        settings = Client._settings(self)
        token = f"{self.prefix} {self.token}" if self.prefix else self.token
        settings["headers"] = settings["headers"] | {self.auth_header_name: token}
        return settings
