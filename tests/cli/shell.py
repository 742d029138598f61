"""The installed command, as a process: on a pipe, and on a pseudo-terminal of some width."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pexpect
from attrs import frozen

COMMAND = str(Path(sys.executable).with_name("pinecone-control"))
PATIENCE = 180.0
_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\r")


@frozen
class Ended:
    """What a process left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()

    def rows(self) -> list[list[str]]:
        """The cells of a table; two blanks or more part them."""
        return [re.split(r" {2,}", line.strip()) for line in self.lines]


@frozen
class Shell:
    """Runs commands with an environment of their own."""

    environment: Mapping[str, str]

    def run(self, *words: str, stdin: str = "", **environment: str) -> Ended:
        """Run a command on pipes."""
        done = subprocess.run(
            [COMMAND, *words],
            input=stdin,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            env={**self.environment, **environment},
            check=False,
        )
        return Ended(done.returncode, done.stdout, done.stderr)

    def script(self, line: str) -> Ended:
        """Run a line of bash in which `pinecone-control` is the installed one."""
        path = f"{Path(COMMAND).parent}:{os.environ['PATH']}"
        done = subprocess.run(
            ["bash", "-c", line],
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            env={**self.environment, "PATH": path},
            check=False,
        )
        return Ended(done.returncode, done.stdout, done.stderr)

    @contextmanager
    def started(self, *words: str) -> Iterator["subprocess.Popen[str]"]:
        """Start a command on pipes; it is ended with the block."""
        with subprocess.Popen(
            [COMMAND, *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=dict(self.environment),
        ) as process:
            try:
                yield process
            finally:
                process.kill()

    @contextmanager
    def terminal(
        self, *words: str, width: int = 120, **environment: str
    ) -> Iterator["pexpect.spawn[str]"]:
        """Start a command on a terminal."""
        child = pexpect.spawn(
            COMMAND,
            list(words),
            env={**self.environment, "TERM": "xterm-256color", **environment},
            dimensions=(24, width),
            encoding="utf-8",
            timeout=PATIENCE,
        )
        try:
            yield child
        finally:
            child.close(force=True)

    def on_terminal(self, *words: str, width: int = 120, **environment: str) -> Ended:
        """Run a command on a terminal to its end; `out` has everything that was shown."""
        with self.terminal(*words, width=width, **environment) as child:
            shown = child.read()
            return Ended(code_of(child), shown.replace("\r\n", "\n"), "")


def code_of(child: "pexpect.spawn[str]") -> int:
    """Wait for the end of a process on a terminal; its exit code, or minus the signal."""
    child.expect(pexpect.EOF)
    child.wait()
    return child.exitstatus if child.exitstatus is not None else -(child.signalstatus or 0)


def press_ctrl_c(child: "pexpect.spawn[str]") -> None:
    """Press ctrl-C on a terminal until the program ends.

    Python loses a SIGINT that comes between the prompt of `input()` and its read, which no person
    is fast enough to hit (measured: 1 of 60 on a busy machine).
    """
    for _ in range(10):
        child.sendintr()
        if child.expect([pexpect.EOF, pexpect.TIMEOUT], timeout=5) == 0:
            return


def without_colours(text: str) -> str:
    return _CONTROL.sub("", text)


def interrupt(process: "subprocess.Popen[str]", by: signal.Signals = signal.SIGINT) -> Ended:
    """Press ctrl-C, or send another signal, and wait for the end."""
    process.send_signal(by)
    out, err = process.communicate(timeout=PATIENCE)
    return Ended(process.returncode, out, err)


def eventually(condition: Any) -> None:
    """Wait until something that another process does has come about."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.01)
