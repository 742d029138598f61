"""The emulator as a process of its own, for programs that must not share its interpreter."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_PATIENCE = 20.0
_HOST_LINE = "PINECONE_CONTROLLER_HOST="


@contextmanager
def running_emulator(*options: str) -> Iterator[str]:
    """Run an emulator with sample data on a free port for the length of the block; yield its URL.

    Args:
        options: further options of `pinecone-control emulator`.

    Raises:
        RuntimeError: it did not start.
    """
    command = [sys.executable, "-m", "pinecone_control", "emulator", "--port", "0"]
    with subprocess.Popen(
        [*command, "--seed", "demo", *options], stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            for line in process.stdout or ():
                _, found, url = line.strip().partition(_HOST_LINE)
                if found:
                    yield url
                    break
            else:
                raise RuntimeError("the emulator did not start")
        finally:
            process.terminate()
            process.wait(_PATIENCE)
