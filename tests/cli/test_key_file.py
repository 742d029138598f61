"""A key file may be a pipe: it is waited for, but not for ever."""

import os
import threading
import time
from pathlib import Path

import pytest

from pinecone_control.cli.key_file import read_key_file

PATIENCE = 10.0


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    os.mkfifo(tmp_path / "key")
    return tmp_path / "key"


def test_a_pipe_that_nobody_writes_is_given_up(pipe: Path) -> None:
    began = time.monotonic()
    with pytest.raises(TimeoutError, match=r"nobody has written it to its end within 0\.05 s"):
        read_key_file(pipe, seconds=0.05)

    assert time.monotonic() - began < PATIENCE


def test_a_pipe_that_is_never_closed_is_given_up(pipe: Path) -> None:
    writer = os.open(pipe, os.O_RDWR)
    os.write(writer, b"half of a k")
    with pytest.raises(TimeoutError):
        read_key_file(pipe, seconds=0.05)
    os.close(writer)


def test_a_pipe_is_read_to_its_end(pipe: Path) -> None:
    def write() -> None:
        with pipe.open("w", buffering=1) as file:
            file.write("first \n")
            file.write("second\n")

    writing = threading.Thread(target=write)
    writing.start()
    text, _ = read_key_file(pipe, seconds=PATIENCE)
    writing.join()

    assert text == "first \nsecond\n"


def test_a_device_without_end_is_refused() -> None:
    with pytest.raises(OSError, match="larger than 65,536 bytes"):
        read_key_file(Path("/dev/zero"))


def test_a_file_is_read_with_its_mode(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("key\n", "utf-8")
    file.chmod(0o640)

    text, mode = read_key_file(file)
    assert text == "key\n"
    assert mode & 0o777 == 0o640
