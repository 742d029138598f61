"""What the modules of the operations share: arguments left out, files, and answers."""

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
"""A file as httpx takes it: its name, its content, its media type, and its headers."""
RequestFiles: TypeAlias = list[tuple[str, FileTypes]]


class Unset:
    """The type of `UNSET`, which stands for an argument that is not sent."""

    def __bool__(self) -> Literal[False]:
        return False


UNSET: Unset = Unset()


@define(eq=False, repr=False)
class File:
    """A file to send, or one that was received."""

    payload: BinaryIO
    file_name: str | None = None
    mime_type: str | None = None

    def to_tuple(self) -> FileTypes:
        """Return the file as httpx takes it."""
        return self.file_name, self.payload, self.mime_type


@define
class Response(Generic[T]):
    """The answer of an operation.

    Attributes:
        parsed: what the body stands for; None where the contract does not document the status.
        raw: the answer as httpx has it.
    """

    parsed: T | None
    raw: httpx.Response

    @property
    def status_code(self) -> int:
        """The status, which need not be one that has a name."""
        return self.raw.status_code

    @property
    def content(self) -> bytes:
        """The body."""
        return self.raw.content

    @property
    def headers(self) -> MutableMapping[str, str]:
        """The headers."""
        return self.raw.headers


__all__ = ["UNSET", "File", "FileTypes", "RequestFiles", "Response", "Unset"]
