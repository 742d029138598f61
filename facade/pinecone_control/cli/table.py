"""Tables of aligned columns that fit a terminal, row by row as they come."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from attrs import frozen

from pinecone_control.cli.columns import Column, Row
from pinecone_control.cli.screen import styled

_GAP: Final = 2
_SHORTEST: Final = 10
"""Columns of the terminal below which a text is not cut."""
_SHORTEST_KEY: Final = 14


@frozen
class Cell:
    """What stands in one place of a table."""

    text: str
    colour: str | None = None


class Table:
    """Draws rows under a heading. The first rows decide the widths, since later ones may be far.

    Args:
        columns: in their order.
        width: of the terminal; None lets lines be as long as they are.
        now: what relative times are relative to; None shows exact ones.
    """

    def __init__(
        self, columns: Sequence[Column], *, width: int | None, now: datetime | None
    ) -> None:
        self._columns = list(columns)
        self._width = width
        self._now = now
        self._widths: list[int] | None = None
        self.hidden: list[str] = []
        """Columns for which the terminal is too narrow."""
        self.cuts_keys = False
        """Whether the terminal is too narrow even for a whole key beside its state."""

    def lines(self, rows: Sequence[Row]) -> list[str]:
        """Return the lines of further rows; those of the first are preceded by the heading."""
        lines = []
        if self._widths is None:
            self._fit(rows)
            lines.append(self._line([Cell(column.title.upper()) for column in self._columns]))
        lines += (
            self._line(
                [Cell(column.cell(row, self._now), column.colour(row)) for column in self._columns]
            )
            for row in rows
        )
        return lines

    def _fit(self, rows: Sequence[Row]) -> None:
        natural = [
            max(len(column.title), *(cell_width(column.cell(row, self._now)) for row in rows))
            for column in self._columns
        ]
        shown = list(range(len(self._columns)))
        if self._width is not None:
            self._narrow(shown, natural, self._width)
        self.hidden = [c.path for place, c in enumerate(self._columns) if place not in shown]
        self._widths = self._spread(natural, shown)
        self._columns = [self._columns[place] for place in shown]

    def _narrow(self, shown: list[int], natural: list[int], width: int) -> None:
        """Drop what can be missed; then cut keys; only then drop states."""

        def drop(places: list[int]) -> None:
            shown.remove(max(places, key=lambda place: (self._columns[place].rank or 0, place)))

        def is_too_wide() -> bool:
            return self._least(natural, shown) > width

        while is_too_wide() and len(shown) > 1:
            lesser = [place for place in shown if not self._columns[place].is_vital]
            if not lesser:
                break
            drop(lesser)
        self.cuts_keys = is_too_wide() and any(self._columns[place].rank == 0 for place in shown)
        while is_too_wide() and len(shown) > 1:
            drop(shown)

    def _least(self, natural: list[int], shown: list[int]) -> int:
        return sum(self._shortest(natural, place) for place in shown) + _GAP * (len(shown) - 1)

    def _shortest(self, natural: list[int], place: int) -> int:
        column = self._columns[place]
        if column.rank == 0 and self.cuts_keys:
            return min(natural[place], _SHORTEST_KEY)
        return min(natural[place], _SHORTEST) if column.is_flexible else natural[place]

    def _spread(self, natural: list[int], shown: list[int]) -> list[int]:
        """Give texts that were to be cut what room there is left, the first ones first."""
        if self._width is None:
            return natural
        spare = max(0, self._width - self._least(natural, shown))
        widths = []
        for place in shown:
            shortest = self._shortest(natural, place)
            more = min(spare, natural[place] - shortest)
            spare -= more
            widths.append(shortest + more)
        return widths

    def _line(self, cells: list[Cell]) -> str:
        parts = []
        for cell, column, width in zip(cells, self._columns, self._widths or [], strict=True):
            text = cell.text
            if self._width is not None and column.is_flexible:
                text = shortened(text, width)
            elif column.rank == 0 and self.cuts_keys:
                text = shortened_in_the_middle(text, width)
            padding = " " * (width - cell_width(text))
            painted = styled(text, cell.colour) if cell.colour else text
            right = column.kind in {"number", "count", "size", "percent"}
            parts.append(padding + painted if right else painted + padding)
        return (" " * _GAP).join(parts).rstrip()


def cell_width(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def shortened(text: str, width: int) -> str:
    """Return a text cut to `width` columns of a terminal, with an ellipsis where it was cut."""
    if cell_width(text) <= width:
        return text
    while cell_width(text) > width - 1:
        text = text[:-1]
    return f"{text}…"


def shortened_in_the_middle(text: str, width: int) -> str:
    """Return a text cut to `width` columns with both its ends, by which ids are told apart."""
    if cell_width(text) <= width:
        return text
    end = shortened(text[::-1], max(1, (width - 1) // 2 + 1))[-2::-1]
    return shortened(text, width - cell_width(end)) + end
