"""Proxies and TLS of the default transport."""

import ssl
from pathlib import Path
from typing import Final
from urllib.request import getproxies, proxy_bypass

import httpx

from pinecone_control.errors import PineconeValueError

Verify = bool | str | ssl.SSLContext
_PROXY_SCHEMES: Final = ("http://", "https://", "socks5://", "socks5h://")


def proxy_for(host: str, given: str | None) -> str | None:
    """Return the proxy to use for `host`: the one given, else the environment's, else None.

    `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` are read in either case (httpx itself
    reads them only for transports it makes).

    Raises:
        PineconeValueError: for a proxy that is no URL.
    """
    proxy = given if given is not None else _environment_proxy(host)
    if proxy and not proxy.startswith(_PROXY_SCHEMES):
        raise PineconeValueError(
            f"proxy must be a URL such as http://proxy.example:3128, got {proxy!r}"
        )
    return proxy or None


def _environment_proxy(host: str) -> str | None:
    url = httpx.URL(host)
    if proxy_bypass(url.netloc.decode()):
        return None
    proxies = getproxies()
    proxy = proxies.get(url.scheme) or proxies.get("all")
    return f"http://{proxy}" if proxy and "://" not in proxy else proxy


def tls_for(host: str, verify: Verify) -> ssl.SSLContext | bool:
    """Return what httpx is to verify certificates with.

    For plain http nothing is loaded: reading the certificate store takes longer than a request.

    Args:
        host: the control plane's URL.
        verify: True for the usual authorities, False for none, the path of a PEM file or of a
            directory of certificates, or an `ssl.SSLContext` (for client certificates too).

    Raises:
        PineconeValueError: the path cannot be read as certificates.
    """
    if isinstance(verify, ssl.SSLContext | bool):
        return verify if host.startswith("https://") or verify is False else False
    path = Path(verify)
    try:
        if path.is_dir():
            return ssl.create_default_context(capath=verify)
        return ssl.create_default_context(cafile=verify)
    except (OSError, ssl.SSLError) as error:
        raise PineconeValueError(
            f"verify must be True, False, an SSLContext or a readable PEM file; {verify!r}: {error}"
        ) from error
