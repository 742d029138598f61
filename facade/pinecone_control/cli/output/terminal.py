"""Write to stdout and stderr; the terminal's width, colours, and safe characters."""

import os
import shutil
import sys
from contextlib import suppress
from pathlib import Path
from typing import TextIO

import click

from pinecone_control.errors import PineconeError


def is_terminal(stream: TextIO) -> bool:
    """Return whether `stream` is a terminal that can move its cursor."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def shows_colours(stream: TextIO) -> bool:
    """Return whether to use colours on `stream`: on terminals unless NO_COLOR is set."""
    return is_terminal(stream) and not os.environ.get("NO_COLOR")


def width(stream: TextIO) -> int | None:
    """Return the width of the terminal behind `stream`; None if it is not a terminal."""
    return shutil.get_terminal_size().columns if stream.isatty() else None


def write(text: str) -> None:
    """Write a line of a result to stdout. Text from a server must be made `printable` before."""
    click.echo(text, color=shows_colours(sys.stdout))


def write_file(path: Path, text: str) -> None:
    """Write a report to a file."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise PineconeError(f"cannot write {path}: {error.strerror}") from error


def say(text: str, *, label: str = "", colour: str | None = None) -> None:
    """Write a message to stderr: one or more lines, made printable, after a coloured label."""
    start = f"{styled(label, colour)} " if label else ""
    lines = "\n".join(map(printable, text.split("\n")))
    with suppress(OSError):  # a closed stderr does not stop the work
        click.echo(f"{start}{lines}", err=True, color=shows_colours(sys.stderr))


def counted(count: int, one: str, many: str = "") -> str:
    """Return a count with its noun: `1 index`, `1,204 backups`."""
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"


def styled(text: str, colour: str | None) -> str:
    """Return `text` in a colour; `write` and `say` remove it where colours are not shown."""
    return click.style(text, fg=colour) if colour else text


def printable(text: str) -> str:
    """Return a server's text as one line that cannot move the cursor or reverse other text."""
    return text if text.isprintable() else "".join(c if c.isprintable() else "�" for c in text)


def escaped(text: str) -> str:
    """Return JSON text with characters that could control a terminal written as JSON escapes."""
    return "".join(c if c.isprintable() or c == "\n" else _json_escape(c) for c in text)


def _json_escape(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))
