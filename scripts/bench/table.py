"""The table of results, with the limits for them."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal

from attrs import frozen

from scripts.bench.rounds import Results, Spread

_HEADINGS: Final = ("#", "work", "figure", "measured", "spread", "to reach", "reached")
Bound = Literal["at most", "at least"]


@frozen
class Finding:
    """One figure of the table.

    Attributes:
        row: number of the row.
        work: description of the work.
        figure: description of the figure.
        measured: the figure in each round.
        limit: limit of the figure; None if it is shown for comparison only.
        bound: whether the limit is an upper or a lower bound.
        unit: unit of the figure; empty for ratios.
    """

    row: int
    work: str
    figure: str
    measured: Spread
    limit: float | None = None
    bound: Bound = "at most"
    unit: str = ""

    @property
    def reached(self) -> bool | None:
        """Whether the median is within the limit."""
        if self.limit is None:
            return None
        value = self.measured.median
        return value <= self.limit if self.bound == "at most" else value >= self.limit

    def as_json(self) -> dict[str, Any]:
        """Return the finding as JSON."""
        return {
            "row": self.row,
            "work": self.work,
            "figure": self.figure,
            "median": self.measured.median,
            "rounds": list(self.measured.values),
            "unit": self.unit,
            "bound": self.bound,
            "limit": self.limit,
            "reached": self.reached,
        }

    def cells(self) -> tuple[str, ...]:
        """Return the cells of its row."""
        low, high = min(self.measured.values), max(self.measured.values)
        return (
            str(self.row),
            self.work,
            self.figure,
            _number(self.measured.median, self.unit),
            "" if low == high else f"{_number(low, self.unit)} to {_number(high, self.unit)}",
            "" if self.limit is None else f"{self.bound} {_number(self.limit, self.unit)}",
            {True: "yes", False: "no", None: ""}[self.reached],
        )


def ratios(
    results: Results,
    what: str,
    peers: Mapping[str, float | None],
    *,
    row: int,
    work: str,
    figure: str,
    bound: Bound = "at most",
) -> list[Finding]:
    """Return the ratios of ours to each peer that could run; `peers` has the limits."""
    return [
        Finding(
            row=row,
            work=work,
            figure=f"{figure} / {peer}",
            measured=results["ours"][what] / results[peer][what],
            limit=limit,
            bound=bound,
        )
        for peer, limit in peers.items()
        if peer in results
    ]


def amounts(
    results: Results, what: str, *, row: int, work: str, figure: str, per: int = 1
) -> list[Finding]:
    """Return, for comparison, the seconds of each program per item; there are `per` items."""
    return [
        Finding(row, work, f"{figure}, {name}", spreads[what].scaled(1 / per), unit=" s")
        for name, spreads in results.items()
    ]


def markdown(findings: Iterable[Finding]) -> str:
    """Return the table as Markdown, aligned for a terminal."""
    rows = [_HEADINGS, *(finding.cells() for finding in findings)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [_line(row, widths) for row in rows]
    return "\n".join([lines[0], _line(["-" * width for width in widths], widths), *lines[1:]])


def _line(cells: Iterable[str], widths: Iterable[int]) -> str:
    padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
    return f"| {' | '.join(padded)} |"


def _number(value: float, unit: str = "") -> str:
    if unit == " s" and value < 1:
        factor, unit = (1e3, " ms") if value >= 1e-3 else (1e6, " µs")
        value *= factor
    return f"{value:,.0f}{unit}" if abs(value) >= 100 else f"{value:.3g}{unit}"
