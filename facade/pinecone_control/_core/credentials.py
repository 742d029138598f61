"""The API key, and the one place that may see it."""

from typing import Final

import httpx
from attrs import frozen

_HEADER: Final = "Api-Key"
_SHORTEST_REDACTED: Final = 20
"""Shorter keys are those of tests and emulators; taking them out would garble names and ids."""


@frozen(repr=False)
class Secret:
    """A value that never shows itself: not in `repr`, not in logs, not in a pickle."""

    _value: str

    def reveal(self) -> str:
        return self._value

    def __repr__(self) -> str:
        return "Secret('***')"

    def __reduce__(self) -> str:
        raise TypeError("an API key is not pickled: create the client where it is used")


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
            self.unsign(request)

    def unsign(self, request: httpx.Request) -> None:
        """Take the key off, so that nobody who later holds the request can show it."""
        request.headers.pop(_HEADER, None)

    def redact(self, text: str) -> str:
        """Return what a server said without the key, should it echo it."""
        key = self.key.reveal()
        return text.replace(key, "***") if len(key) >= _SHORTEST_REDACTED else text

    def redact_bytes(self, data: bytes) -> bytes:
        """Return what a server sent without the key, should it echo it."""
        key = self.key.reveal().encode()
        if len(key) < _SHORTEST_REDACTED or key not in data:
            return data
        return data.replace(key, b"***")


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port
