"""Write results to stdout: a table for people; JSON, JSON lines, CSV, YAML or ids for programs."""

import csv
import io
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from attrs import frozen

from pinecone_control.cli.output import terminal
from pinecone_control.cli.output.columns import Column, Resource, plain
from pinecone_control.cli.output.table import Table
from pinecone_control.models import Model

FORMATS: Final = ("table", "wide", "json", "jsonl", "csv", "spreadsheet", "yaml")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""First characters of a formula; the last four are full-width forms, which some programs accept."""

Pages = Iterable[Sequence[Model]]
"""Items page by page, so that each page is written before the next is fetched."""
Wire = Mapping[str, object]


@frozen(kw_only=True)
class Output:
    """The options of a command line that choose the output format."""

    form: str = "table"
    columns: str | None = None
    quiet: bool = False
    exact: bool = False

    @property
    def is_for_people(self) -> bool:
        return self.form in {"table", "wide"} and not self.quiet

    def pages(self, pages: Pages, resource: Resource) -> None:
        """Write the items of each page as soon as it is fetched."""
        columns = self.chosen(resource)
        if self.quiet:
            _write_ids(pages, resource.key)
        elif self.form in {"csv", "spreadsheet"}:
            chosen = columns or resource.every_column()
            _write_csv(pages, chosen, for_spreadsheet=self.form == "spreadsheet")
        elif self.form in _WRITERS:
            _WRITERS[self.form](_wires(page, columns) for page in pages)
        else:
            self._write_table(pages, resource)

    def listing(self, items: Iterable[Model], resource: Resource) -> None:
        """Write all items of a short listing."""
        self.pages([list(items)], resource)

    def nothing(self, why: str, resource: Resource) -> None:
        """Write an empty listing; in a format for people, write the reason instead."""
        if self.is_for_people:
            terminal.say(why)
        else:
            self.listing([], resource)

    def one(self, item: Model, resource: Resource) -> None:
        """Write one item: an object in JSON and YAML, a line for each field in a table."""
        columns = self.chosen(resource)
        if self.quiet or self.form in {"csv", "spreadsheet", "jsonl"}:
            self.listing([item], resource)
        elif self.form == "json":
            terminal.write(_json(_wire(item, columns), indent=2))
        elif self.form == "yaml":
            terminal.write(_yaml(_wire(item, columns)).rstrip("\n"))
        else:
            _write_fields(item, columns or _fields_of(item, resource), exact=self.exact)

    def chosen(self, resource: Resource) -> list[Column] | None:
        """Return the columns that `--columns` names; None without this option."""
        return resource.chosen(self.columns) if self.columns else None

    def shown(self, resource: Resource) -> list[Column]:
        """Return the columns of a table."""
        usual = resource.every_column() if self.form == "wide" else resource.shown()
        return self.chosen(resource) or usual

    def _write_table(self, pages: Pages, resource: Resource) -> None:
        table = Table(
            self.shown(resource),
            width=None if self.form == "wide" else terminal.width(sys.stdout),
            now=None if self.exact else datetime.now(UTC),
        )
        is_empty = True
        for page in pages:
            if page:
                is_empty = False
                _write_lines(table.lines(page))
        if is_empty:
            terminal.say(f"no {resource.many}")
        if table.hidden:
            terminal.say(
                f"(hidden, because the terminal is too narrow: {', '.join(table.hidden)}; "
                "-o wide shows all columns)"
            )


def _write_lines(lines: Iterable[str]) -> None:
    for line in lines:
        terminal.write(line)
    sys.stdout.flush()


def _write_ids(pages: Pages, key: Column) -> None:
    for page in pages:
        _write_lines(plain(key.value(item)) for item in page)


def _write_json(pages: Iterable[list[Wire]]) -> None:
    """Write a JSON array, item by item."""
    before = "["
    for page in pages:
        for wire in page:
            lines = _json(wire, indent=2).replace("\n", "\n  ")
            sys.stdout.write(f"{before}\n  {lines}")
            before = ","
        sys.stdout.flush()
    terminal.write("[]" if before == "[" else "\n]")


def _write_json_lines(pages: Iterable[list[Wire]]) -> None:
    for page in pages:
        _write_lines(map(_json, page))


def _write_yaml(pages: Iterable[list[Wire]]) -> None:
    is_empty = True
    for page in pages:
        is_empty = is_empty and not page
        _write_lines(_yaml([wire]).rstrip("\n") for wire in page)
    if is_empty:
        terminal.write("[]")


def _write_csv(pages: Pages, columns: Sequence[Column], *, for_spreadsheet: bool) -> None:
    """Write a line of field names, then a line for each item (RFC 4180, but with line feeds)."""
    _write_lines([_csv_line([column.path for column in columns])])
    for page in pages:
        _write_lines(
            _csv_line([_csv_field(column.json(item, wire), for_spreadsheet) for column in columns])
            for item in page
            for wire in (item.to_dict(),)
        )


_WRITERS: Final = {"json": _write_json, "jsonl": _write_json_lines, "yaml": _write_yaml}


def _wires(page: Sequence[Model], columns: list[Column] | None) -> list[Wire]:
    return [_wire(item, columns) for item in page]


def _wire(item: Model, columns: list[Column] | None) -> Wire:
    """Return an item in its JSON form, or only the given columns of it."""
    wire = item.to_dict()
    return wire if columns is None else {c.path: c.json(item, wire) for c in columns}


def _write_fields(item: Model, columns: Sequence[Column], *, exact: bool) -> None:
    width = max(len(column.path) for column in columns)
    now = None if exact else datetime.now(UTC)
    for column in columns:
        cell = column.cell(item, None)
        if column.kind == "time" and now is not None:
            cell = f"{cell} ({column.cell(item, now)})"
        terminal.write(f"{column.path.ljust(width)}  {terminal.styled(cell, column.colour(item))}")


def _fields_of(item: Model, resource: Resource) -> list[Column]:
    """Return a column for each field that has a value, as the resource defines it if it does."""
    known = {column.path: column for column in resource.columns}
    return [
        known.get(path) or Column(path, path)
        for path, value in _leaves(item.to_dict())
        if value is not None
    ]


def _leaves(wire: Wire, prefix: str = "") -> Iterator[tuple[str, object]]:
    for name, value in wire.items():
        if isinstance(value, Mapping) and value:
            yield from _leaves(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _json(value: object, *, indent: int | None = None) -> str:
    text = json.dumps(value, indent=indent, ensure_ascii=not _is_unicode())
    return terminal.escaped(text) if sys.stdout.isatty() else text


def _is_unicode() -> bool:
    return (sys.stdout.encoding or "").lower().replace("-", "").startswith("utf")


def _yaml(value: object) -> str:
    import yaml

    form: dict[str, Any] = {"sort_keys": False, "default_flow_style": False, "width": 10_000}
    text = yaml.safe_dump(value, allow_unicode=_is_unicode(), **form)
    if sys.stdout.isatty() and not text.replace("\n", "").isprintable():
        text = yaml.safe_dump(value, allow_unicode=False, **form)
    return str(text)


def _csv_line(fields: Sequence[object]) -> str:
    line = io.StringIO()
    # With both characters as terminator, so that fields which contain either are quoted.
    csv.writer(line, lineterminator="\r\n").writerow(fields)
    text = line.getvalue().removesuffix("\r\n")
    return terminal.printable(text) if sys.stdout.isatty() else text


def _csv_field(value: object, for_spreadsheet: bool) -> object:  # noqa: FBT001 - private
    if isinstance(value, Mapping | list | bool):
        value = _json(value)
    if for_spreadsheet and isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value
