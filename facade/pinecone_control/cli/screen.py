"""What the output goes to: a person's terminal, of some width, with colours or without."""

import os
import shutil
import sys
from typing import TextIO

import click


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
    """Write a line of result to stdout."""
    click.echo(text, color=shows_colours(sys.stdout))


def say(text: str) -> None:
    """Write a line about the work to stderr."""
    click.echo(text, err=True, color=shows_colours(sys.stderr))


def styled(text: str, colour: str) -> str:
    """Return `text` in a colour; `write` and `say` take it off again where there are none."""
    return click.style(text, fg=colour)
