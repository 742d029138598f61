"""Requests and errors of httpx in the terms of httpcore, which sends them, and back. Pure."""

from typing import Final

import httpcore
import httpx

_TWINS: Final[dict[type[Exception], type[httpx.TransportError]]] = {
    httpcore.ConnectTimeout: httpx.ConnectTimeout,
    httpcore.ReadTimeout: httpx.ReadTimeout,
    httpcore.WriteTimeout: httpx.WriteTimeout,
    httpcore.ConnectError: httpx.ConnectError,
    httpcore.ReadError: httpx.ReadError,
    httpcore.WriteError: httpx.WriteError,
    httpcore.ProxyError: httpx.ProxyError,
    httpcore.UnsupportedProtocol: httpx.UnsupportedProtocol,
    httpcore.LocalProtocolError: httpx.LocalProtocolError,
    httpcore.RemoteProtocolError: httpx.RemoteProtocolError,
}

ERRORS: Final = tuple(_TWINS)
"""What a connection of httpcore's can raise."""


def url_for_httpcore(url: httpx.URL) -> httpcore.URL:
    """Return the same URL as httpcore takes it."""
    return httpcore.URL(
        scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
    )


def for_httpcore(request: httpx.Request) -> httpcore.Request:
    """Return the same request as httpcore takes it."""
    return httpcore.Request(
        request.method,
        url_for_httpcore(request.url),
        headers=request.headers.raw,
        content=request.stream,
        extensions=request.extensions,
    )


def error_of_httpx(error: Exception) -> httpx.TransportError:
    """Return httpx's error of the same name."""
    return _TWINS[type(error)](str(error))
