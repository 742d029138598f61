"""The API key: never shown by accident, and removed from texts that a server sends."""

from typing import Final

from attrs import frozen

MASK: Final = "***"
_SHORTEST_REDACTED: Final = 20
"""Shorter keys are those of tests and emulators; removing them would garble names and ids."""

Origin = tuple[str, str, int | None]
"""Scheme, host and port of a URL; None means the scheme's default port."""


@frozen(repr=False)
class Secret:
    """A value that does not show in `repr`, in logs or in a pickle."""

    _value: str

    def reveal(self) -> str:
        return self._value

    def redact(self, text: str) -> str:
        """Return a server's text without this value, in case the server echoes it."""
        if len(self._value) < _SHORTEST_REDACTED:
            return text
        return text.replace(self._value, MASK)

    def redact_bytes(self, data: bytes) -> bytes:
        """Return a server's bytes without this value, in case the server echoes it."""
        value = self._value.encode()
        if len(value) < _SHORTEST_REDACTED or value not in data:
            return data
        return data.replace(value, MASK.encode())

    def __repr__(self) -> str:
        return f"Secret('{MASK}')"

    def __reduce__(self) -> str:
        raise TypeError("an API key cannot be pickled: create the client where it is used")


@frozen
class Credentials:
    """An API key, and the one origin that may see it."""

    key: Secret
    source: str
    """Where the key came from, for error messages: `PINECONE_API_KEY`, `the api_key argument`."""
    origin: Origin
