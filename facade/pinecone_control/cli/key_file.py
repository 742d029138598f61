"""Read a small file that may be a pipe, such as `<(...)` or `/dev/stdin`.

A named pipe may never be written to, and some devices never end, so both time and size are limited.
"""

import os
import select
import stat
import time
from pathlib import Path
from typing import Final

_PATIENCE: Final = 60.0
_LARGEST: Final = 65_536


def read_key_file(path: Path, *, seconds: float = _PATIENCE) -> tuple[str, int]:
    """Return the text of a file, and the file's mode.

    Args:
        path: path of a file or a pipe.
        seconds: time limit for a pipe to be written; a minute by default.

    Raises:
        OSError: it cannot be read, is too large, or was not written in time.
        UnicodeDecodeError: it is not UTF-8 text.
    """
    ends = time.monotonic() + seconds
    # Opening a pipe must not block until there is a writer.
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    with os.fdopen(descriptor, "rb", buffering=0) as file:
        content = b""
        while True:
            _wait_for_data(descriptor, ends, seconds)
            chunk = file.read(_LARGEST + 1)
            if chunk is not None:
                content += chunk
            if len(content) > _LARGEST:
                raise OSError(f"it is larger than {_LARGEST:,} bytes")
            if chunk == b"":
                return content.decode("utf-8"), os.fstat(descriptor).st_mode


def _wait_for_data(descriptor: int, ends: float, seconds: float) -> None:
    """Return when data or the end of the file can be read. Other systems than POSIX do not wait."""
    left = max(ends - time.monotonic(), 0.0)
    if os.name == "posix" and not select.select([descriptor], [], [], left)[0]:
        raise TimeoutError(f"nobody has written it to its end within {seconds:g} s")


def is_readable_by_others(mode: int) -> bool:
    """Return whether a regular file with this mode is accessible to others than its owner."""
    is_shared = bool(mode & (stat.S_IRWXG | stat.S_IRWXO))
    return os.name == "posix" and stat.S_ISREG(mode) and is_shared
