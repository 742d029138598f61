"""A listing that changes before one's eyes; lines for each change where nobody looks."""

import shutil
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from pinecone_control.cli import screen
from pinecone_control.cli.columns import Noun, Row
from pinecone_control.cli.table import Table

if TYPE_CHECKING:
    from rich.live import Live

_LINES_AROUND: Final = 4


class Changing(ABC):
    """Shows what a listing says now."""

    @abstractmethod
    def show(self, rows: Sequence[Row]) -> None:
        """Show the rows in place of those before."""

    @abstractmethod
    def trouble(self, what: str) -> None:
        """Tell why there is nothing new."""


@contextmanager
def changing(noun: Noun) -> Iterator[Changing]:
    """Show a listing as it changes, until the block ends."""
    if not screen.is_terminal(sys.stdout):
        yield _Lines(noun)
        return
    from rich.console import Console
    from rich.live import Live

    console = Console(no_color=not screen.shows_colours(sys.stdout), highlight=False)
    with Live(console=console, auto_refresh=False, vertical_overflow="crop") as live:
        yield _LiveTable(noun, live)


class _LiveTable(Changing):
    def __init__(self, noun: Noun, live: "Live") -> None:
        self._noun = noun
        self._live = live
        self._rows: Sequence[Row] = ()

    def show(self, rows: Sequence[Row]) -> None:
        self._rows = rows
        self._draw(f"{datetime.now().astimezone():%H:%M:%S}  ctrl-C ends")

    def trouble(self, what: str) -> None:
        self._draw(f"{datetime.now().astimezone():%H:%M:%S}  {what}")

    def _draw(self, below: str) -> None:
        from rich.text import Text

        size = shutil.get_terminal_size()
        fitting = max(1, size.lines - _LINES_AROUND)
        table = Table(self._noun.shown(), width=size.columns, now=datetime.now(UTC))
        lines = table.lines(self._rows[:fitting]) if self._rows else [f"no {self._noun.many}"]
        hidden = len(self._rows) - fitting
        if hidden > 0:
            lines.append(f"... and {hidden} more")
        text = Text.from_ansi("\n".join([*lines, "", below]), no_wrap=True, overflow="ellipsis")
        self._live.update(text, refresh=True)


class _Lines(Changing):
    def __init__(self, noun: Noun) -> None:
        self._noun = noun
        self._before: dict[str, str] = {}

    def show(self, rows: Sequence[Row]) -> None:
        columns = [column for column in self._noun.shown() if column.kind != "moment"]
        for row in reversed(rows):
            key = str(self._noun.key.value(row))
            line = "  ".join(column.cell(row, None) for column in columns)
            if self._before.get(key) != line:
                self._before[key] = line
                screen.write(f"{datetime.now().astimezone():%Y-%m-%dT%H:%M:%S%z}  {line}")
        sys.stdout.flush()

    def trouble(self, what: str) -> None:
        screen.say(what)
