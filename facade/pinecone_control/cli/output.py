"""Results on stdout: a table for people; JSON, JSON lines, CSV, YAML or ids for programs."""

import csv
import io
import json
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final, Protocol

from attrs import frozen

from pinecone_control.cli import screen
from pinecone_control.cli.columns import Column, Noun, Row, plain
from pinecone_control.cli.table import Table
from pinecone_control.errors import PineconeValueError

FORMATS: Final = ("table", "json", "jsonl", "csv", "yaml")


class Wire(Protocol):
    """What is written: a model, which knows its wire form."""

    def to_dict(self) -> dict[str, object]: ...


@frozen(kw_only=True)
class Output:
    """What a command line says about the form of its result."""

    form: str = "table"
    columns: str | None = None
    quiet: bool = False
    exact: bool = False

    @property
    def is_for_people(self) -> bool:
        return self.form == "table" and not self.quiet

    def writer(self, noun: Noun) -> "Writer":
        """Return what writes a listing in the form that was asked for.

        Raises:
            PineconeValueError: a column that the noun does not have.
        """
        if self.quiet:
            return _Ids(noun.key)
        columns = noun.chosen(self.columns) if self.columns else None
        match self.form:
            case "json":
                return _Json(columns)
            case "jsonl":
                return _JsonLines(columns)
            case "yaml":
                return _Yaml(columns)
            case "csv":
                return _Csv(columns or list(noun.columns))
        return _Table(noun, columns or noun.shown(), exact=self.exact)

    def listing(self, items: Iterable[Wire], noun: Noun) -> None:
        """Write all of a short listing."""
        writer = self.writer(noun)
        writer.write([item.to_dict() for item in items])
        writer.close()

    def nothing(self, why: str, noun: Noun) -> None:
        """Write an empty listing; a person is told why it is empty."""
        if self.is_for_people:
            screen.say(why)
        else:
            self.listing([], noun)

    def one(self, item: Wire, noun: Noun) -> None:
        """Write one item: JSON and YAML as an object, a table with a line for each field."""
        row = item.to_dict()
        columns = noun.chosen(self.columns) if self.columns else None
        if self.quiet or self.form in {"csv", "jsonl"}:
            self.listing([item], noun)
        elif self.form == "json":
            screen.write(_indented(_picked(row, columns)))
        elif self.form == "yaml":
            screen.write(_yaml(_picked(row, columns)).rstrip("\n"))
        else:
            _write_fields(row, columns or _fields_of(row, noun), exact=self.exact)


class Writer(ABC):
    """Writes rows as they come, so that the first page is out before the second is fetched."""

    def write(self, rows: Sequence[Row]) -> None:
        """Write some rows, and let them go."""
        for line in self._lines(rows):
            screen.write(line)
        sys.stdout.flush()

    @abstractmethod
    def _lines(self, rows: Sequence[Row]) -> Iterable[str]: ...

    def close(self) -> None:
        """Write what comes after the last row."""
        sys.stdout.flush()


class _Ids(Writer):
    def __init__(self, key: Column) -> None:
        self._key = key

    def _lines(self, rows: Sequence[Row]) -> Iterable[str]:
        return [plain(self._key.value(row)) for row in rows]


class _JsonLines(Writer):
    def __init__(self, columns: list[Column] | None) -> None:
        self._columns = columns

    def _lines(self, rows: Sequence[Row]) -> Iterable[str]:
        return [_compact(_picked(row, self._columns)) for row in rows]


class _Json(Writer):
    """An array; its items come one after the other, and its end when all were written."""

    def __init__(self, columns: list[Column] | None) -> None:
        self._columns = columns
        self._begun = False

    def _lines(self, rows: Sequence[Row]) -> Iterable[str]:
        for row in rows:
            before = "," if self._begun else "["
            self._begun = True
            item = _indented(_picked(row, self._columns))
            yield before + "\n" + "\n".join(f"  {line}" for line in item.splitlines())

    def write(self, rows: Sequence[Row]) -> None:
        sys.stdout.write("".join(self._lines(rows)))
        sys.stdout.flush()

    def close(self) -> None:
        screen.write("\n]" if self._begun else "[]")


class _Yaml(Writer):
    def __init__(self, columns: list[Column] | None) -> None:
        self._columns = columns
        self._begun = False

    def _lines(self, rows: Sequence[Row]) -> Iterable[str]:
        for row in rows:
            self._begun = True
            yield _yaml([_picked(row, self._columns)]).rstrip("\n")

    def close(self) -> None:
        if not self._begun:
            screen.write("[]")


class _Csv(Writer):
    """A line with the names of the fields, then a line for each row (RFC 4180, line feeds)."""

    def __init__(self, columns: list[Column]) -> None:
        self._columns = columns
        self._begun = False

    def _lines(self, rows: Sequence[Row]) -> Iterable[str]:
        if not self._begun:
            self._begun = True
            yield _csv_line([column.path for column in self._columns])
        for row in rows:
            yield _csv_line([_csv_field(column.value(row)) for column in self._columns])

    def close(self) -> None:
        self.write([])


class _Table(Writer):
    def __init__(self, noun: Noun, columns: list[Column], *, exact: bool) -> None:
        now = None if exact else datetime.now(UTC)
        self._noun = noun
        self._table = Table(columns, width=screen.width(sys.stdout), now=now)
        self._begun = False

    def _lines(self, rows: Sequence[Row]) -> Iterable[str]:
        if not rows:
            return []
        self._begun = True
        return self._table.lines(rows)

    def close(self) -> None:
        if not self._begun:
            screen.say(f"no {self._noun.many}")
        if self._table.hidden:
            screen.say(f"(too narrow for: {', '.join(self._table.hidden)})")
        if self._table.cuts_keys:
            screen.say(f"(too narrow for a whole {self._noun.key.title}: -q shows it)")


def _picked(row: Row, columns: list[Column] | None) -> Row:
    """Return the wire form; of the columns asked for, if any were."""
    if columns is None:
        return row
    return {column.path: column.value(row) for column in columns}


def _write_fields(row: Row, columns: Sequence[Column], *, exact: bool) -> None:
    width = max(len(column.path) for column in columns)
    now = None if exact else datetime.now(UTC)
    for column in columns:
        cell = column.cell(row, None)
        if column.kind == "moment" and now is not None:
            cell = f"{cell} ({column.cell(row, now)})"
        colour = column.colour(row)
        painted = screen.styled(cell, colour) if colour else cell
        screen.write(f"{column.path.ljust(width)}  {painted}")


def _fields_of(row: Row, noun: Noun) -> list[Column]:
    """Return a column for each field that is there: known ones as they are known."""
    known = {column.path: column for column in noun.columns}
    return [
        known.get(path) or Column(path, path) for path, value in _leaves(row) if value is not None
    ]


def _leaves(row: Row, prefix: str = "") -> Iterable[tuple[str, object]]:
    for name, value in row.items():
        if isinstance(value, Mapping) and value:
            yield from _leaves(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _indented(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=not _is_unicode())


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=not _is_unicode())


def _is_unicode() -> bool:
    return (sys.stdout.encoding or "").lower().replace("-", "").startswith("utf")


def _yaml(value: object) -> str:
    try:
        import yaml
    except ImportError as error:
        raise PineconeValueError(
            "-o yaml needs one more package", hint="pip install pyyaml"
        ) from error
    text: str = yaml.safe_dump(
        value, sort_keys=False, allow_unicode=_is_unicode(), default_flow_style=False, width=10_000
    )
    return text


def _csv_line(fields: Sequence[object]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(fields)
    return line.getvalue()


def _csv_field(value: object) -> object:
    return _compact(value) if isinstance(value, Mapping | list | bool) else value
