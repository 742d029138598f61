"""Reading a small file that may be a pipe, as `<(...)` and `/dev/stdin` are.

Nobody may ever write to a named pipe, and some devices never end: both waiting and size are
bounded.
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
        path: of a file or a pipe.
        seconds: for which a pipe is waited for; a minute by default.

    Raises:
        OSError: it cannot be read, is too large, or was not written in time.
        UnicodeDecodeError: it is no text.
    """
    ends = time.monotonic() + seconds
    # Opened without waiting for a writer, should it be a pipe.
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
    """Return when there is something to read, be it the end. Only POSIX waits for files."""
    left = max(ends - time.monotonic(), 0.0)
    if os.name == "posix" and not select.select([descriptor], [], [], left)[0]:
        raise TimeoutError(f"nobody has written it to its end within {seconds:g} s")


def is_readable_by_others(mode: int) -> bool:
    """Whether this is the mode of a file that not only its owner can read."""
    is_shared = bool(mode & (stat.S_IRWXG | stat.S_IRWXO))
    return os.name == "posix" and stat.S_ISREG(mode) and is_shared
