"""Proxies and TLS: from what a client was given, or the environment, to httpcore's terms."""

import ssl
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast
from urllib.request import getproxies, proxy_bypass

import httpx

from pinecone_control._core.settings import is_loopback
from pinecone_control.errors import Advice, Argument, PineconeValueError

if TYPE_CHECKING:
    import httpcore

Verify = bool | str | ssl.SSLContext
_SOCKS: Final = frozenset({"socks5", "socks5h"})
_PROXIES: Final = _SOCKS | {"http", "https"}


def httpcore_proxy(host: str, given: str | None) -> "httpcore.Proxy | None":
    """Return the proxy to use for `host` in httpcore's terms; see `proxy_for`."""
    import httpcore

    proxy = proxy_for(host, given)
    if proxy is None:
        return None
    read = httpx.Proxy(proxy)
    url = read.url
    return httpcore.Proxy(
        httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
        auth=read.raw_auth,
    )


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


def tls_for(host: str, verify: Verify) -> ssl.SSLContext | None:
    """Return what certificates are to be verified with, once for all connections.

    For plain http there is nothing to verify, and None: making a context for the first time, and
    reading the store of certificates, take longer than a request.

    Args:
        host: the control plane's URL.
        verify: True for the usual authorities, False for none, the path of a PEM file or of a
            directory of certificates, or an `ssl.SSLContext` (for client certificates too).

    Raises:
        PineconeValueError: the path cannot be read as certificates.
    """
    if isinstance(verify, bool):
        if host.startswith("http://"):
            return None
        return httpx.create_ssl_context(verify=verify)
    if hasattr(verify, "wrap_bio"):  # also one made before somebody replaced `ssl.SSLContext`
        return cast("ssl.SSLContext", verify)
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
            f"the certificates in {verify!r} cannot be read: {error}",
            hint=Advice(
                "Name a PEM file or a directory of certificates: {}.",
                Argument("verify", "'/path/to/authority.pem'"),
            ),
        ) from error
