"""Progress of long operations: bars or a live table on a terminal, lines elsewhere."""

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from attrs import field, frozen

from pinecone_control.cli.output import terminal
from pinecone_control.cli.output.columns import Column, Resource, plain
from pinecone_control.cli.output.table import Table
from pinecone_control.cli.times import stamp
from pinecone_control.models import Model

if TYPE_CHECKING:
    from rich import progress as bars

_MOST_BARS: Final = 8
_NOTEWORTHY_PERCENT: Final = 10.0
_NOTEWORTHY_SECONDS: Final = 60.0
_LINES_AROUND: Final = 4


@frozen
class Sighting:
    """The state of a resource that is waited for, as last reported.

    Attributes:
        key: the resource's name or id.
        state: its state, in words.
        percent: its progress; None if the server reports none.
        label: a name that says more than the key.
        ended: whether the state is final.
    """

    key: str
    state: str
    percent: float | None = None
    label: str | None = None
    ended: bool = False


See = Callable[[Sighting], None]


@contextmanager
def following(kind: str, keys: Sequence[str], *, counted: bool = False) -> Iterator[See]:
    """Show the progress of resources of one kind until the block ends.

    Args:
        kind: what is shown, such as `restore job` or `backup of`; it stands before each key.
        keys: names or ids of the resources.
        counted: show one bar that counts the resources that have ended, instead of a bar for each;
            with many resources this is always so.

    Yields:
        A function to call with each new state of a resource.
    """
    if not terminal.is_terminal(sys.stderr):
        yield _Lines(kind).see
        return
    from rich import progress as bars
    from rich.console import Console

    console = Console(stderr=True, no_color=not terminal.shows_colours(sys.stderr))
    shown = bars.Progress(
        bars.TextColumn("{task.description}", markup=False),
        bars.BarColumn(bar_width=20),
        bars.TextColumn("{task.fields[state]}", markup=False),
        bars.TimeElapsedColumn(),
        console=console,
        transient=True,
    )
    # `with shown` would leave the cursor hidden if ctrl-C arrives while rich starts.
    try:
        shown.start()
        many = counted or len(keys) > _MOST_BARS
        yield _one_bar(shown, len(keys)) if many else _bars(shown, keys)
    finally:
        shown.stop()


@frozen
class _Lines:
    """Writes a line if the state is new, after ten percent of progress, and after each minute."""

    _kind: str
    _told: dict[str, tuple[str, float, float]] = field(factory=dict)

    def see(self, sighting: Sighting) -> None:
        key, state, now = sighting.key, sighting.state, time.monotonic()
        percent = sighting.percent or 0.0
        before = self._told.get(key)
        if before is not None and before[0] == state:
            much = percent - before[1] >= _NOTEWORTHY_PERCENT
            if sighting.ended or not (much or now - before[2] >= _NOTEWORTHY_SECONDS):
                return
        self._told[key] = (state, percent, now)
        name = f"{key} ({sighting.label})" if sighting.label else key
        so_far = "" if sighting.percent is None else f", {percent:.0f} %"
        terminal.say(f"{stamp(datetime.now(UTC))} {self._kind} {name}: {state}{so_far}")


def _bars(shown: "bars.Progress", keys: Sequence[str]) -> See:
    def bar(key: str) -> "bars.TaskID":
        return shown.add_task(plain(key), total=None, state="")

    tasks = {key: bar(key) for key in keys}

    def see(sighting: Sighting) -> None:
        if sighting.key not in tasks:  # the server spells the id differently
            tasks[sighting.key] = bar(sighting.key)
        task, percent = tasks[sighting.key], sighting.percent
        so_far = "" if percent is None or sighting.ended else f" {percent:.0f} %"
        if sighting.label:
            shown.update(task, description=plain(sighting.label))
        if percent is not None:
            shown.update(task, total=100.0, completed=percent)
        shown.update(task, state=plain(sighting.state) + so_far)
        if sighting.ended:
            shown.stop_task(task)

    return see


def _one_bar(shown: "bars.Progress", count: int) -> See:
    task = shown.add_task("done", total=count, state=f"0 of {count}")
    ended: set[str] = set()

    def see(sighting: Sighting) -> None:
        if sighting.ended:
            ended.add(sighting.key)
        shown.update(task, completed=len(ended), state=f"{len(ended)} of {count}")

    return see


# ------------------------------------------------------------------------- a listing as it changes


@contextmanager
def live_table(
    resource: Resource, columns: Sequence[Column]
) -> Iterator[Callable[[Sequence[Model], str], None]]:
    """Yield a function that replaces the items shown, and shows a problem if there is one."""
    from rich.console import Console
    from rich.live import Live
    from rich.text import Text

    console = Console(no_color=not terminal.shows_colours(sys.stdout), highlight=False)
    live = Live(console=console, auto_refresh=False, vertical_overflow="crop")

    def draw(items: Sequence[Model], trouble: str) -> None:
        size = shutil.get_terminal_size()
        fitting = max(1, size.lines - _LINES_AROUND)
        now = datetime.now(UTC)
        table = Table(columns, width=size.columns, now=now)
        lines = table.lines(items[:fitting]) if items else [f"no {resource.many}"]
        hidden = len(items) - fitting
        if hidden > 0:
            lines.append(f"... and {hidden} more")
        lines += ["", f"{stamp(now)}  {terminal.printable(trouble) or 'press q to quit'}"]
        text = Text.from_ansi("\n".join(lines), no_wrap=True, overflow="ellipsis")
        live.update(text, refresh=True)

    try:  # as above, instead of `with live`
        live.start()
        yield draw
    finally:
        live.stop()


@contextmanager
def keyboard() -> Iterator[Callable[[float], bool]]:
    """Yield a function that waits some seconds, and returns whether `q` was pressed meanwhile."""

    def never_pressed(seconds: float) -> bool:
        time.sleep(seconds)
        return False

    if not sys.stdin.isatty() or find_spec("termios") is None:
        yield never_pressed
        return
    import select
    import termios
    import tty

    before = termios.tcgetattr(sys.stdin)

    def pressed(seconds: float) -> bool:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            readable, _, _ = select.select([sys.stdin], [], [], left)
            if readable and os.read(sys.stdin.fileno(), 1).lower() == b"q":
                return True
        return False

    try:
        tty.setcbreak(sys.stdin)
        yield pressed
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)
