"""The request log: what clients sent, and the status of each response."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, overload
from urllib.parse import parse_qsl

from attrs import frozen

CAPACITY: Final = 10_000
"""Number of requests that are kept; older ones are dropped."""


@frozen(kw_only=True)
class RecordedRequest:
    """One request to the API.

    Attributes:
        number: sequence number from 1; `reset` does not restart it.
        method: upper case.
        path: percent-encoded, without the query.
        query_string: percent-encoded; may be empty.
        headers: names in lower case; the API key is left out.
        body: as received.
        operation: operation id of the contract; None if the request matches none.
        project: the project of its API key; None if the key was refused or missing.
        status: HTTP status of the response; None when the connection was dropped instead.
        at: emulated time of arrival, in seconds since the epoch.
        was_faulted: whether an injected fault changed what the client saw.
    """

    number: int
    method: str
    path: str
    query_string: str
    headers: Mapping[str, str]
    body: bytes
    operation: str | None
    project: str | None
    status: int | None
    at: float
    was_faulted: bool

    @property
    def query(self) -> Mapping[str, str]:
        """The decoded query parameters; the last one of each name."""
        return dict(parse_qsl(self.query_string, keep_blank_values=True, errors="replace"))


class RequestLog(Sequence[RecordedRequest]):
    """The latest requests to the API, oldest first; those to ``/_emulator/`` are left out."""

    def __init__(self) -> None:
        self._records: deque[RecordedRequest] = deque(maxlen=CAPACITY)

    def add(self, record: RecordedRequest) -> None:
        """Append a request."""
        self._records.append(record)

    def clear(self) -> None:
        """Remove all requests."""
        self._records.clear()

    def of(self, operation: str) -> list[RecordedRequest]:
        """Return the requests to one operation, by its operation id."""
        return [record for record in self._records if record.operation == operation]

    def __len__(self) -> int:
        return len(self._records)

    def __iter__(self) -> Iterator[RecordedRequest]:
        return iter(tuple(self._records))

    @overload
    def __getitem__(self, position: int) -> RecordedRequest: ...
    @overload
    def __getitem__(self, position: slice) -> list[RecordedRequest]: ...
    def __getitem__(self, position: int | slice) -> RecordedRequest | list[RecordedRequest]:
        records = tuple(self._records)
        return list(records[position]) if isinstance(position, slice) else records[position]
