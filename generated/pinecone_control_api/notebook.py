"""Render models as HTML tables for notebooks."""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Mapping, Sequence

from attrs import has

from .base import set_fields


def html_of_one(model: object, fields: Mapping[str, object]) -> str:
    """Return an HTML table of a model's fields."""
    rows = "".join(_row(_cell("th", name), _cell("td", fields[name])) for name in fields)
    return f"<table><caption>{html.escape(type(model).__name__)}</caption>{rows}</table>"


def html_of_many(models: Sequence[object]) -> str:
    """Return an HTML table of models of one class, a row each, with the columns of that class."""
    names = (getattr(models[0], "_columns", None) or set_fields(models[0])) if models else ()
    head = _row(*(_cell("th", name) for name in names))
    rows = (_row(*(_cell("td", _at(model, name)) for name in names)) for model in models)
    return f"<table>{head}{''.join(rows)}</table>"


def _row(*cells: str) -> str:
    return f"<tr>{''.join(cells)}</tr>"


def _cell(tag: str, value: object) -> str:
    return f"<{tag}>{html.escape(readable(value))}</{tag}>"


def _at(model: object, path: str) -> object:
    for name in path.split("."):
        model = getattr(model, name, None)
    return model


def readable(value: object) -> str:
    """Return a value as one line of text: `serverless: cloud: aws, region: us-east-1`."""
    if has(type(value)):
        value = set_fields(value)
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {readable(member)}" for name, member in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(map(readable, value))
    if isinstance(value, dt.datetime):
        return f"{value:%Y-%m-%d %H:%M:%S %Z}"
    return "" if value is None else str(value)
