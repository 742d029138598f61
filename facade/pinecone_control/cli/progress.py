"""How long work comes along: bars on a terminal, lines with the time elsewhere. On stderr."""

import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Final

from attrs import frozen

from pinecone_control.cli.columns import plain
from pinecone_control.cli.screen import is_terminal, say, shows_colours

if TYPE_CHECKING:
    from rich import progress as bars

_MOST_BARS: Final = 8
_NOTEWORTHY_PERCENT: Final = 10.0
_NOTEWORTHY_SECONDS: Final = 60.0


@frozen
class Sighting:
    """What was seen of a resource that is waited for.

    Attributes:
        key: the resource's name or id.
        state: what the server says of it.
        percent: how far it is, where the server says so.
        label: a name that says more than the key.
        ended: whether nothing more will come.
    """

    key: str
    state: str
    percent: float | None = None
    label: str | None = None
    ended: bool = False


class Progress(ABC):
    """Shows the states of some resources that are waited for."""

    @abstractmethod
    def see(self, sighting: Sighting) -> None:
        """Note a state."""


@contextmanager
def following(kind: str, keys: Sequence[str], *, counted: bool = False) -> Iterator[Progress]:
    """Show the progress of resources of one kind until the block ends.

    Args:
        kind: such as `restore job`.
        keys: names or ids of those that are waited for.
        counted: one bar that counts those that have ended, instead of a bar for each; always so
            for more than a few.
    """
    if not is_terminal(sys.stderr):
        yield _Lines(kind)
        return
    from rich import progress as bars
    from rich.console import Console

    console = Console(stderr=True, no_color=not shows_colours(sys.stderr))
    shown = bars.Progress(
        bars.TextColumn("{task.description}", markup=False),
        bars.BarColumn(bar_width=20),
        bars.TextColumn("{task.fields[state]}", markup=False),
        bars.TimeElapsedColumn(),
        console=console,
        transient=True,
    )
    with shown:
        if counted or len(keys) > _MOST_BARS:
            yield _OneBar(shown, kind, keys)
        else:
            yield _Bars(shown, keys)


class _Lines(Progress):
    """A line when the state is new, or much progress was made, or a minute has passed."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._told: dict[str, tuple[str, float, float]] = {}

    def see(self, sighting: Sighting) -> None:
        key, state = sighting.key, sighting.state
        percent = sighting.percent or 0.0
        now = time.monotonic()
        before = self._told.get(key)
        if before is not None and not sighting.ended and before[0] == state:
            much = percent - before[1] >= _NOTEWORTHY_PERCENT
            if not much and now - before[2] < _NOTEWORTHY_SECONDS:
                return
        self._told[key] = (state, percent, now)
        name = f"{key} ({plain(sighting.label)})" if sighting.label else key
        so_far = "" if sighting.percent is None else f", {percent:.0f} %"
        stamp = datetime.now().astimezone().isoformat(timespec="seconds")
        say(f"{stamp} {self._kind} {name}: {plain(state)}{so_far}")


class _Bars(Progress):
    """A bar for each."""

    def __init__(self, shown: "bars.Progress", keys: Sequence[str]) -> None:
        self._shown = shown
        self._tasks = {key: shown.add_task(key, total=None, state="") for key in keys}

    def see(self, sighting: Sighting) -> None:
        task, percent = self._tasks[sighting.key], sighting.percent
        so_far = "" if percent is None or sighting.ended else f" {percent:.0f} %"
        if sighting.label:
            self._shown.update(task, description=plain(sighting.label))
        if percent is not None:
            self._shown.update(task, total=100.0, completed=percent)
        self._shown.update(task, state=plain(sighting.state) + so_far)
        if sighting.ended:
            self._shown.stop_task(task)


class _OneBar(Progress):
    """A bar that says how many have ended."""

    def __init__(self, shown: "bars.Progress", kind: str, keys: Sequence[str]) -> None:
        self._shown = shown
        self._ended: set[str] = set()
        self._count = len(keys)
        self._task = shown.add_task(f"{kind}s", total=self._count, state=f"0 of {self._count}")

    def see(self, sighting: Sighting) -> None:
        if sighting.ended:
            self._ended.add(sighting.key)
        done = len(self._ended)
        self._shown.update(self._task, completed=done, state=f"{done} of {self._count}")
