"""The default transport: its connections, proxies and TLS."""

import ssl
from importlib.util import find_spec
from pathlib import Path
from typing import Final
from urllib.request import getproxies, proxy_bypass

import httpx

from pinecone_control.errors import PineconeValueError
from pinecone_control.settings import is_loopback

Verify = bool | str | ssl.SSLContext
_SOCKS: Final = frozenset({"socks5", "socks5h"})
_PROXIES: Final = _SOCKS | {"http", "https"}

# A lane has one connection. httpx would drop it after 5 seconds, which is how often waiters look.
_IDLE_SECONDS: Final = 30.0
_LIMITS: Final = httpx.Limits(
    max_connections=1, max_keepalive_connections=1, keepalive_expiry=_IDLE_SECONDS
)


def wire(host: str, *, verify: Verify, proxy: str | None) -> httpx.BaseTransport:
    """Return the transport of a synchronous client; see `proxy_for` and `tls_for`."""
    from pinecone_control._sync.lanes import Lanes  # noqa: PLC0415 - for synchronous clients
    from pinecone_control.punctual import PunctualBackend  # noqa: PLC0415 - loads httpcore

    tls, through = tls_for(host, verify), proxy_for(host, proxy)

    def lane() -> httpx.HTTPTransport:
        transport = InterruptibleTransport(verify=tls, proxy=through, limits=_LIMITS)
        # httpx has no argument for this, so an attribute of its pool's is set; a test holds it.
        pool = transport._pool  # noqa: SLF001
        pool._network_backend = PunctualBackend(pool._network_backend)  # noqa: SLF001
        return transport

    return Lanes(lane, idle_seconds=_IDLE_SECONDS)


def async_wire(host: str, *, verify: Verify, proxy: str | None) -> httpx.AsyncBaseTransport:
    """Return the transport of an asynchronous client; see `proxy_for` and `tls_for`."""
    from pinecone_control._async.lanes import AsyncLanes  # noqa: PLC0415 - for asynchronous clients
    from pinecone_control.punctual import AsyncPunctualBackend  # noqa: PLC0415 - loads httpcore

    tls, through = tls_for(host, verify), proxy_for(host, proxy)

    def lane() -> httpx.AsyncHTTPTransport:
        transport = httpx.AsyncHTTPTransport(verify=tls, proxy=through, limits=_LIMITS)
        pool = transport._pool  # noqa: SLF001
        pool._network_backend = AsyncPunctualBackend(pool._network_backend)  # noqa: SLF001
        return transport

    return AsyncLanes(lane, idle_seconds=_IDLE_SECONDS)


class InterruptibleTransport(httpx.HTTPTransport):
    """A transport for one request at a time, which can be closed after ctrl-C as well."""

    def close(self) -> None:
        """Close the connections, past the pool's lock.

        Ctrl-C can leave that lock locked (measured), and waiting for it would never end.
        """
        for connection in self._pool.connections:
            connection.close()


def proxy_for(host: str, given: str | None) -> str | None:
    """Return the proxy to use for `host`: the one given, else the environment's, else None.

    `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` are read in either case (httpx itself
    reads them only for transports it makes). They say nothing about this machine: a plain-text
    request to loopback must not leave it.

    Raises:
        PineconeValueError: for a proxy that is no URL.
    """
    proxy = given if given is not None else _environment_proxy(host)
    if not proxy:
        return None
    shown = proxy.rpartition("@")[2]  # what stands before may be a password
    try:
        scheme = httpx.URL(proxy).scheme
    except httpx.InvalidURL:
        scheme = ""
    if scheme in _SOCKS and find_spec("socksio") is None:
        raise PineconeValueError(f"the proxy {shown} needs: pip install 'httpx[socks]'")
    if scheme not in _PROXIES:
        raise PineconeValueError(
            f"proxy must be a URL such as http://proxy.example:3128, got {shown!r}"
        )
    return proxy


def _environment_proxy(host: str) -> str | None:
    url = httpx.URL(host)
    if is_loopback(url.host) or proxy_bypass(url.netloc.decode()):
        return None
    proxies = getproxies()
    proxy = proxies.get(url.scheme) or proxies.get("all")
    return f"http://{proxy}" if proxy and "://" not in proxy else proxy


def tls_for(host: str, verify: Verify) -> ssl.SSLContext:
    """Return what httpx is to verify certificates with, once for all connections.

    For plain http no certificates are loaded: reading the store takes longer than a request.

    Args:
        host: the control plane's URL.
        verify: True for the usual authorities, False for none, the path of a PEM file or of a
            directory of certificates, or an `ssl.SSLContext` (for client certificates too).

    Raises:
        PineconeValueError: the path cannot be read as certificates.
    """
    if isinstance(verify, bool):
        return httpx.create_ssl_context(verify=verify and not host.startswith("http://"))
    if isinstance(verify, ssl.SSLContext):
        return verify
    if not isinstance(verify, str):
        raise PineconeValueError(
            f"verify must be True, False, an SSLContext or a path, got {verify!r}"
        )
    path = Path(verify)
    try:
        if path.is_dir():
            return ssl.create_default_context(capath=verify)
        return ssl.create_default_context(cafile=verify)
    except (OSError, ssl.SSLError) as error:
        raise PineconeValueError(
            f"verify must be True, False, an SSLContext or a readable PEM file; {verify!r}: {error}"
        ) from error
