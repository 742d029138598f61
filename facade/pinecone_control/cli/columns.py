"""The columns of a listing, and how a value of the wire looks in a table."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final, Literal

from attrs import field, frozen

from pinecone_control.cli import moments
from pinecone_control.errors import PineconeValueError

Row = Mapping[str, object]
Kind = Literal["text", "state", "moment", "percent", "size", "number", "count"]

_COLOURS: Final = {
    "Completed": "green",
    "Ready": "green",
    "Pending": "yellow",
    "Initializing": "yellow",
    "Failed": "red",
    "InitializationFailed": "red",
    "Cancelled": "magenta",
    "Terminating": "magenta",
    "Disabled": "red",
}
_THOUSAND: Final = 1000
_UNITS: Final = ("B", "kB", "MB", "GB", "TB", "PB")


@frozen
class Column:
    """One field of the wire as a column.

    `path` is the field's name, with dots into inner objects. Columns with a `rank` are shown in
    tables by default; on narrow terminals the highest rank goes first, and rank 0 always stays.
    """

    path: str
    title: str
    kind: Kind = "text"
    rank: int | None = None
    derived: Callable[[Row], object] | None = field(default=None, eq=False)

    def value(self, row: Row) -> object:
        """Return the value as it is on the wire; None where it is absent."""
        return self.derived(row) if self.derived else value_at(row, self.path)

    def cell(self, row: Row, now: datetime | None) -> str:
        """Return the value for a reader; moments are relative to `now`, exact without it."""
        value = self.value(row)
        if value is None or value == {}:
            return "-"
        match self.kind, value:
            case "moment", str():
                return _moment(value, now)
            case "percent", int() | float():
                return f"{value:.0f} %"
            case "size", int() | float():
                return size(value)
            case "count", int():
                return f"{value:,}"
        return plain(value)

    def colour(self, row: Row) -> str | None:
        """Return the colour of a state that is known."""
        return _COLOURS.get(str(self.value(row))) if self.kind == "state" else None

    @property
    def is_vital(self) -> bool:
        """Whether a narrow terminal drops everything else first: the key, and how far it is."""
        return self.rank == 0 or self.kind in {"state", "percent"}

    @property
    def is_flexible(self) -> bool:
        """Whether its cells may be cut at their end: never those of a key, state or number."""
        return self.kind == "text" and self.rank != 0


@frozen(kw_only=True)
class Noun:
    """What is listed: its names, columns, and which field means what."""

    one: str
    many: str
    columns: tuple[Column, ...]
    state: str = "status"
    states: tuple[str, ...]
    index: str | None = None
    """The field that `--index` compares."""

    @property
    def key(self) -> Column:
        return next(column for column in self.columns if column.rank == 0)

    def shown(self) -> list[Column]:
        """Return the columns of a table, in their order."""
        return [column for column in self.columns if column.rank is not None]

    def chosen(self, names: str) -> list[Column]:
        """Return the columns that a comma-separated list names.

        Raises:
            PineconeValueError: one is no column of this noun.
        """
        return [self.column(name.strip()) for name in names.split(",") if name.strip()]

    def column(self, name: str) -> Column:
        """Return a column by the name of its field.

        Raises:
            PineconeValueError: there is none of this name.
        """
        for column in self.columns:
            if name == column.path:
                return column
        if name.startswith("tags."):
            return Column(name, name.removeprefix("tags."), "text", rank=9)
        known = ", ".join(column.path for column in self.columns)
        raise PineconeValueError(f"{self.many} have no column {name!r}", hint=f"There are: {known}")


def value_at(row: Row, path: str) -> object:
    """Return what stands at a dotted path; None where nothing does."""
    value: object = row
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def plain(value: object) -> str:
    """Return a value as one line of text that cannot move a cursor."""
    match value:
        case str():
            text = value
        case bool():
            text = "yes" if value else "no"
        case Mapping():
            text = ", ".join(f"{name}={plain(inner)}" for name, inner in value.items())
        case Sequence():
            text = ", ".join(map(plain, value))
        case _:
            text = json.dumps(value)
    return text if text.isprintable() else "".join(c if c.isprintable() else "�" for c in text)


def size(value: float) -> str:
    """Return bytes for a reader, in powers of 1000: `10.0 MB`."""
    unit = 0
    while value >= _THOUSAND and unit < len(_UNITS) - 1:
        value, unit = value / _THOUSAND, unit + 1
    return f"{value:.0f} B" if unit == 0 else f"{value:.1f} {_UNITS[unit]}"


def _moment(value: str, now: datetime | None) -> str:
    if now is None:
        return plain(value)
    read = moments.when(value)
    return plain(value) if read is None else moments.ago(read, now)
