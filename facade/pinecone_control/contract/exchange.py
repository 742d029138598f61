"""One request and its response, as the checks see them on whatever transport."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Mapping


@frozen(kw_only=True)
class SentRequest:
    """A request as it goes over the wire.

    Attributes:
        method: the HTTP method.
        target: path and query as on the request line, percent-encoded.
        headers: by lower-case name.
        body: the bytes of the body.
    """

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


@frozen(kw_only=True)
class ReceivedResponse:
    """A response as it came over the wire, its body decompressed.

    Attributes:
        status: HTTP status.
        headers: by lower-case name.
        body: the bytes of the body; None when it was not read to its end.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes | None
