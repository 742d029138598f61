"""The API key, and the one place that may see it."""

import httpx
from attrs import frozen

from pinecone_control.secret import Secret

_HEADER = "Api-Key"


@frozen
class Credentials:
    """Signs requests to one origin, and to no other."""

    key: Secret
    source: str
    """Where the key came from, for error messages: `PINECONE_API_KEY`, `the api_key argument`."""
    origin: httpx.URL

    def sign(self, request: httpx.Request) -> None:
        """Put the key on `request` if it goes to the configured host; take it off otherwise."""
        if _origin(request.url) == _origin(self.origin):
            request.headers[_HEADER] = self.key.reveal()
        else:
            request.headers.pop(_HEADER, None)


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port
