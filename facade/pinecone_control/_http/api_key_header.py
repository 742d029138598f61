"""Putting the API key on requests to the configured host, and on no others."""

import httpx

from pinecone_control._core.credentials import Credentials, Origin
from pinecone_control._core.header_names import API_KEY


def origin_of(url: httpx.URL) -> Origin:
    """Return scheme, host and port of a URL."""
    return url.scheme, url.host, url.port


def sign(request: httpx.Request, credentials: Credentials) -> None:
    """Put the key on a request if it goes to the configured host; take it off otherwise."""
    if origin_of(request.url) == credentials.origin:
        request.headers[API_KEY] = credentials.key.reveal()
    else:
        unsign(request)


def unsign(request: httpx.Request) -> None:
    """Take the key off a request, so that nobody who holds it later can show the key."""
    request.headers.pop(API_KEY, None)
