"""Types that the modules of the operations share: omitted arguments, files, and responses."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from typing import IO, TYPE_CHECKING, BinaryIO, Generic, Literal, TypeAlias, TypeVar

from attrs import define

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")

FileContent: TypeAlias = IO[bytes] | bytes | str
FileTypes: TypeAlias = (
    tuple[str | None, FileContent, str | None]
    | tuple[str | None, FileContent, str | None, Mapping[str, str]]
)
"""A file in httpx's form: name, content, media type and headers."""
RequestFiles: TypeAlias = list[tuple[str, FileTypes]]


class Unset:
    """The type of `UNSET`, which stands for an argument that is not sent."""

    def __bool__(self) -> Literal[False]:
        return False


UNSET: Unset = Unset()


@define(eq=False, repr=False)
class File:
    """A file that is sent or was received."""

    payload: BinaryIO
    file_name: str | None = None
    mime_type: str | None = None

    def to_tuple(self) -> FileTypes:
        """Return the file in httpx's form."""
        return self.file_name, self.payload, self.mime_type


@define
class Response(Generic[T]):
    """The response to an operation.

    Attributes:
        parsed: the decoded body; None if the contract does not document the status.
        raw: the httpx response.
    """

    parsed: T | None
    raw: httpx.Response

    @property
    def status_code(self) -> int:
        """The HTTP status; any integer, not only those of `http.HTTPStatus`."""
        return self.raw.status_code

    @property
    def content(self) -> bytes:
        """The body as bytes."""
        return self.raw.content

    @property
    def headers(self) -> MutableMapping[str, str]:
        """The headers of the response."""
        return self.raw.headers


__all__ = ["UNSET", "File", "FileTypes", "RequestFiles", "Response", "Unset"]
