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
            while len(shown) > 1 and self._least(natural, shown) > self._width:
                shown.remove(max(shown, key=lambda place: self._columns[place].rank or 0))
        self.hidden = [c.path for place, c in enumerate(self._columns) if place not in shown]
        self._widths = self._spread(natural, shown)
        self._columns = [self._columns[place] for place in shown]

    def _least(self, natural: list[int], shown: list[int]) -> int:
        return sum(self._shortest(natural, place) for place in shown) + _GAP * (len(shown) - 1)

    def _shortest(self, natural: list[int], place: int) -> int:
        flexible = self._columns[place].is_flexible
        return min(natural[place], _SHORTEST) if flexible else natural[place]

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
            padding = " " * (width - cell_width(text))
            painted = styled(text, cell.colour) if cell.colour else text
            right = column.kind in {"number", "count", "size", "percent"}
            parts.append(padding + painted if right else painted + padding)
        return (" " * _GAP).join(parts).rstrip()


def cell_width(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len  # noqa: PLC0415 - names are ASCII almost always

    return cell_len(text)


def shortened(text: str, width: int) -> str:
    """Return a text cut to `width` columns of a terminal, with an ellipsis where it was cut."""
    if cell_width(text) <= width:
        return text
    while cell_width(text) > width - 1:
        text = text[:-1]
    return f"{text}…"
