"""Proxies and TLS: translate the settings of a client or the environment for httpcore."""

import os
import ssl
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast
from urllib.request import getproxies, proxy_bypass

import httpx

from pinecone_control._checks import received
from pinecone_control._core.settings import is_loopback, split_url, without_secret
from pinecone_control.errors import Advice, Argument, PineconeValueError

if TYPE_CHECKING:
    import httpcore

Verify = bool | str | ssl.SSLContext
_SOCKS: Final = frozenset({"socks5", "socks5h"})
_PROXIES: Final = _SOCKS | {"http", "https"}


def httpcore_proxy(host: str, given: str | None, verify: Verify) -> "httpcore.Proxy | None":
    """Return the proxy to use for `host` as httpcore's object; see `proxy_for` and `tls_for`."""
    import httpcore

    proxy = proxy_for(host, given)
    if proxy is None:
        return None
    read = httpx.Proxy(proxy)
    url = read.url
    return httpcore.Proxy(
        httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
        auth=read.raw_auth,
        ssl_context=tls_for(proxy, verify) if url.scheme == "https" else None,
    )


def proxy_for(host: str, given: str | None) -> str | None:
    """Return the proxy to use for `host`: the one given, else the environment's, else None.

    `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` are read in upper and lower case (httpx
    reads them only for its own transports). They never apply to loopback: an unencrypted request
    to this machine must not leave it.

    Raises:
        PineconeValueError: the proxy is not a valid URL.
    """
    if not isinstance(given, str | None):
        raise PineconeValueError(f"proxy must be a URL, or '' for none, got {received(given)}")
    proxy = given if given is not None else _environment_proxy(host)
    if not proxy:
        return None
    source = "proxy" if given is not None else "the proxy of HTTPS_PROXY, HTTP_PROXY or ALL_PROXY"
    url = split_url(proxy)
    scheme = url.scheme if url is not None and url.hostname else ""
    if scheme in _SOCKS and find_spec("socksio") is None:
        raise PineconeValueError(
            f"the proxy {without_secret(proxy)} needs: pip install 'httpx[socks]'"
        )
    if scheme not in _PROXIES:
        raise PineconeValueError(
            f"{source} must be a URL such as http://proxy.example:3128, got "
            f"{without_secret(proxy)}",
            hint="Write characters that a URL does not allow, also in a password, as %XX.",
        )
    check_host_name(source, proxy, example="http://proxy.example:3128")
    return proxy


def check_host_name(setting: str, url: str, *, example: str) -> None:
    """Refuse a host name that violates the rules of international names, such as `xn--`.

    Raises:
        PineconeValueError: naming the setting.
    """
    try:
        _ = httpx.URL(url).host  # reading the attribute decodes the name
    except (httpx.InvalidURL, UnicodeError) as error:
        problem = str(error)
    else:
        return
    # Raised outside the `except`, because that exception's traceback has the URL with its password.
    raise PineconeValueError(
        f"{setting} must be a URL such as {example}, got {without_secret(url)}: {problem}"
    )


def _environment_proxy(host: str) -> str | None:
    url = httpx.URL(host)
    if is_loopback(url.host) or proxy_bypass(url.netloc.decode()):
        return None
    proxies = getproxies()
    proxy = proxies.get(url.scheme) or proxies.get("all")
    return f"http://{proxy}" if proxy and "://" not in proxy else proxy


def tls_for(host: str, verify: Verify) -> ssl.SSLContext | None:
    """Return the TLS context that verifies certificates, shared by all connections.

    For plain http the result is None: creating the first context and reading the certificate store
    take longer than a request.

    Args:
        host: URL of the control plane or of a proxy.
        verify: True for the usual authorities, False for none, the path of a PEM file or of a
            directory of certificates, or an `ssl.SSLContext` (for client certificates too).

    Raises:
        PineconeValueError: the path, or one that the environment names, cannot be used.
    """
    if isinstance(verify, bool):
        if host.startswith("http://"):
            return None
        return _usual_authorities() if verify else httpx.create_ssl_context(verify=False)
    if hasattr(verify, "wrap_bio"):  # also one from before truststore replaced the class
        return cast("ssl.SSLContext", verify)
    if not isinstance(verify, str) or not verify:
        raise PineconeValueError(
            "verify must be True, False, an SSLContext or the path of a file or directory as text, "
            f"got {received(verify)}"
        )
    return _context(
        f"the certificates in {without_secret(verify):.300}",
        Advice(
            "Name a PEM file or a directory of certificates: {}.",
            Argument("verify", "'/path/to/authority.pem'"),
        ),
        verify,
    )


def _usual_authorities() -> ssl.SSLContext:
    """Return a context that trusts what OpenSSL's variables name, otherwise what httpx trusts."""
    hint = "Correct the environment variable, or remove it."
    if file := os.environ.get("SSL_CERT_FILE"):
        return _context(f"the certificates in SSL_CERT_FILE={file!r}", hint, file, is_folder=False)
    if folders := os.environ.get("SSL_CERT_DIR"):
        if not any(Path(folder).is_dir() for folder in folders.split(os.pathsep)):
            raise PineconeValueError(f"SSL_CERT_DIR={folders!r} is not a directory", hint=hint)
        return _context(
            f"the certificates in SSL_CERT_DIR={folders!r}", hint, folders, is_folder=True
        )
    _check_key_log()
    return httpx.create_ssl_context()


def _context(
    what: str, hint: str | Advice, path: str, *, is_folder: bool | None = None
) -> ssl.SSLContext:
    """Return a context that trusts the certificates of a PEM file, or of directories."""
    _check_key_log()
    try:
        if is_folder is None:
            is_folder = Path(path).is_dir()
        return ssl.create_default_context(
            cafile=None if is_folder else path, capath=path if is_folder else None
        )
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        error.__traceback__ = None  # its frames have the path, which may be a key
        raise PineconeValueError(f"{what} cannot be read: {reason}", hint=hint) from error


def _check_key_log() -> None:
    """Refuse a TLS key log that cannot be written; Python opens it for every context."""
    path = os.environ.get("SSLKEYLOGFILE")
    if not path:
        return
    try:
        with Path(path).open("a"):
            pass
    except OSError as error:
        raise PineconeValueError(
            f"SSLKEYLOGFILE={path!r} cannot be written: {error}",
            hint="Correct the environment variable, or remove it.",
        ) from error
