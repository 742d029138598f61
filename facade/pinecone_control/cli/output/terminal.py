"""The terminal, if there is one: its width, its colours, and what may be written to it."""

import os
import shutil
import sys
from contextlib import suppress
from pathlib import Path
from typing import TextIO

import click

from pinecone_control.errors import PineconeValueError


def is_terminal(stream: TextIO) -> bool:
    """Whether a person looks at `stream`."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def shows_colours(stream: TextIO) -> bool:
    """Whether `stream` is to have colours: on terminals, unless NO_COLOR is set (no-color.org)."""
    return is_terminal(stream) and not os.environ.get("NO_COLOR")


def width(stream: TextIO) -> int | None:
    """Columns of the terminal behind `stream`; None where lines may be of any length."""
    return shutil.get_terminal_size().columns if stream.isatty() else None


def write(text: str) -> None:
    """Write a line of result to stdout. What it holds of a server must be `printable`."""
    click.echo(text, color=shows_colours(sys.stdout))


def write_file(path: Path, text: str) -> None:
    """Write a report to a file."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise PineconeValueError(f"cannot write {path}: {error.strerror}") from error


def say(text: str, *, label: str = "", colour: str | None = None) -> None:
    """Write about the work to stderr, safely: one line or several, after a coloured label."""
    start = f"{styled(label, colour)} " if label else ""
    lines = "\n".join(map(printable, text.split("\n")))
    with suppress(OSError):  # work goes on though nobody can be told of it
        click.echo(f"{start}{lines}", err=True, color=shows_colours(sys.stderr))


def counted(count: int, one: str, many: str = "") -> str:
    """Return a count with its noun: `1 index`, `1,204 backups`."""
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"


def styled(text: str, colour: str | None) -> str:
    """Return `text` in a colour; `write` and `say` take it off again where there are none."""
    return click.style(text, fg=colour) if colour else text


def printable(text: str) -> str:
    """Return text of a server as one line that cannot move a cursor or turn text around."""
    return text if text.isprintable() else "".join(c if c.isprintable() else "�" for c in text)


def escaped(text: str) -> str:
    """Return JSON text with what a terminal must not get as the escapes that JSON has for it."""
    return "".join(c if c.isprintable() or c == "\n" else _json_escape(c) for c in text)


def _json_escape(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))
