"""Add the API key to requests for the configured host, and to no others."""

import httpx

from pinecone_control._core.credentials import Credentials, Origin
from pinecone_control._core.header_names import API_KEY


def origin_of(url: httpx.URL) -> Origin:
    """Return scheme, host and port of a URL."""
    return url.scheme, url.host, url.port


def sign(request: httpx.Request, credentials: Credentials) -> None:
    """Add the key to a request for the configured host; remove it from any other request."""
    if origin_of(request.url) == credentials.origin:
        request.headers[API_KEY] = credentials.key.reveal()
    else:
        unsign(request)


def unsign(request: httpx.Request) -> None:
    """Remove the key from a request, so that nothing that keeps the request can show the key."""
    request.headers.pop(API_KEY, None)
