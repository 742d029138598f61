"""Tables of aligned columns that fit a terminal, formatted page by page."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from attrs import frozen

from pinecone_control.cli.output.columns import RIGHT_ALIGNED, Column
from pinecone_control.cli.output.terminal import styled
from pinecone_control.models import Model

SHORT_ID: Final = 8
_GAP: Final = 2
_SHORTEST: Final = 10
"""Texts are not cut to fewer columns of the terminal than this."""


@frozen
class Cell:
    """One cell of a table."""

    text: str
    colour: str | None = None


class Table:
    """Formats rows under a heading. The first page alone decides the widths of the columns.

    Args:
        columns: the columns, in their order.
        width: width of the terminal, to which ids and texts are shortened; None shortens nothing.
        now: the time to which relative times refer; None shows exact times.
    """

    def __init__(
        self, columns: Sequence[Column], *, width: int | None, now: datetime | None
    ) -> None:
        self._columns = list(columns)
        self._width = width
        self._now = now
        self._widths: list[int] | None = None
        self.hidden: list[str] = []
        """The columns that are left out because the terminal is too narrow."""

    def lines(self, items: Sequence[Model]) -> list[str]:
        """Return the lines of a page of items; the first page is preceded by the heading."""
        if self._widths is not None:
            return [self._line(row) for row in map(self._row, items)]
        rows = list(map(self._row, items))
        shown, self._widths = self._fitted(rows)
        self.hidden = [c.path for place, c in enumerate(self._columns) if place not in shown]
        self._columns = [self._columns[place] for place in shown]
        heading = [Cell(column.title.upper()) for column in self._columns]
        return [self._line(heading), *(self._line([row[p] for p in shown]) for row in rows)]

    def _row(self, item: Model) -> list[Cell]:
        return [Cell(self._text(column, item), column.colour(item)) for column in self._columns]

    def _text(self, column: Column, item: Model) -> str:
        text = column.cell(item, self._now)
        return text[:SHORT_ID] if self._width is not None and column.kind == "id" else text

    def _fitted(self, rows: Sequence[list[Cell]]) -> tuple[list[int], list[int]]:
        """Return the positions of the columns that fit, and their widths."""
        natural = [
            max(len(column.title), *(cell_width(row[place].text) for row in rows))
            for place, column in enumerate(self._columns)
        ]
        shown = list(range(len(natural)))
        if self._width is None:
            return shown, natural
        texts = [place for place in shown if self._columns[place].kind == "text"]
        widths = list(natural)
        for place in texts:
            if self._columns[place].rank != 0:
                widths[place] = min(natural[place], _SHORTEST)
        vital = [place for place in self._by_rank(shown) if self._columns[place].is_vital]
        lesser = [place for place in self._by_rank(shown) if place not in vital]
        while lesser and self._spare(widths, shown) < 0:
            shown.remove(lesser.pop())
        if self._spare(widths, shown) < 0:  # the key is cut only if hiding columns was not enough
            widths = [min(w, _SHORTEST) if p in texts else w for p, w in enumerate(widths)]
        while len(vital) > 1 and self._spare(widths, shown) < 0:
            shown.remove(vital.pop())
        for place in self._by_rank(shown):
            more = min(max(0, self._spare(widths, shown)), natural[place] - widths[place])
            widths[place] += more
        return shown, [widths[place] for place in shown]

    def _by_rank(self, places: Sequence[int]) -> list[int]:
        return sorted(places, key=lambda place: (self._columns[place].rank or 0, place))

    def _spare(self, widths: Sequence[int], shown: Sequence[int]) -> int:
        """Return how many columns of the terminal are left; negative if some are missing."""
        used = sum(widths[place] for place in shown) + _GAP * (len(shown) - 1)
        return (self._width or used) - used

    def _line(self, cells: Sequence[Cell]) -> str:
        parts = []
        for cell, column, width in zip(cells, self._columns, self._widths or [], strict=True):
            text = cell.text if self._width is None else shortened(cell.text, width)
            padding = " " * (width - cell_width(text))
            painted = styled(text, cell.colour)
            parts.append(padding + painted if column.kind in RIGHT_ALIGNED else painted + padding)
        return (" " * _GAP).join(parts).rstrip()


def cell_width(text: str) -> int:
    """Return how many columns of a terminal a text occupies."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def shortened(text: str, width: int) -> str:
    """Return a text cut to `width` columns of a terminal, ending in an ellipsis if it was cut."""
    if cell_width(text) <= width:
        return text
    while cell_width(text) > width - 1:
        text = text[:-1]
    return f"{text}…"
