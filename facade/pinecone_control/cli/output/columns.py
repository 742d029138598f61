"""The columns of a table, and how a value looks in one."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Literal

from attrs import field, frozen

from pinecone_control.cli.output.terminal import printable
from pinecone_control.cli.times import ago, stamp, timestamp
from pinecone_control.models import Model
from pinecone_control_api import states
from pinecone_control_api.helpers import readable_size

Kind = Literal["text", "id", "state", "action", "time", "percent", "size", "number", "count"]

RIGHT_ALIGNED: Final = frozenset({"percent", "size", "number", "count"})
_COLOURS: Final = {"ready": "green", "at work": "yellow", "failed": "red"}
_VERDICTS: Final = {**states.INDEX, **states.COLLECTION, **states.BACKUP, **states.RESTORE_JOB}


@frozen
class Column:
    """One field of a model as a column.

    `path` is the field's name, with dots into inner objects. Columns with a `rank` are shown in
    tables by default; on narrow terminals the highest rank goes first, and rank 0 always stays.
    """

    path: str
    title: str
    kind: Kind = "text"
    rank: int | None = None
    derived: Callable[[Any], object] | None = field(default=None, eq=False)

    def value(self, item: Model) -> object:
        """Return the value; None where it is absent."""
        return self.derived(item) if self.derived else value_at(item, self.path)

    def json(self, item: Model, wire: Mapping[str, object]) -> object:
        """Return the value as it is on the wire, which is given beside the model."""
        return self.derived(item) if self.derived else value_at(wire, self.path)

    def cell(self, item: Model, now: datetime | None) -> str:
        """Return the value for a reader; times are relative to `now`, exact without it."""
        value = self.value(item)
        if value is None or value == {}:
            return "-"
        match self.kind, value:
            case "time", _ if then := timestamp(value):
                return stamp(then) if now is None else ago(then, now)
            case "percent", int() | float():
                return f"{value:.0f} %"
            case "size", int() | float():
                return readable_size(value)
            case "count", int():
                return f"{value:,}"
        return plain(value)

    def colour(self, item: Model) -> str | None:
        """Return the colour of a state that is known, or of a deletion."""
        if self.kind == "action":
            return "red" if self.value(item) == "delete" else None
        verdict = _VERDICTS.get(str(self.value(item))) if self.kind == "state" else None
        return _COLOURS[verdict] if verdict else None

    @property
    def is_vital(self) -> bool:
        """Whether a narrow terminal drops everything else first: the key, and how far it is."""
        return self.rank == 0 or self.kind in {"state", "percent", "action"}


def value_at(item: object, path: str) -> object:
    """Return what stands at a dotted path of a model or mapping; None where nothing does."""
    for name in path.split("."):
        match item:
            case Mapping():
                item = item.get(name)
            case Model():
                own = getattr(item, name, None)
                item = item.additional_properties.get(name) if own is None else own
            case _:
                return None
    return item


def plain(value: object) -> str:
    """Return a value as one line of text that cannot move a cursor."""
    match value:
        case str():
            text = value
        case bool():
            text = "yes" if value else "no"
        case datetime():
            text = stamp(value)
        case Model():
            text = plain({name: each for name, each in value.to_dict().items() if each is not None})
        case Mapping():
            text = ", ".join(
                f"{name}({plain(inner)})"
                if isinstance(inner, Mapping)
                else f"{name}={plain(inner)}"
                for name, inner in value.items()
            )
        case Sequence():
            text = ", ".join(map(plain, value))
        case _:
            text = json.dumps(value)
    return printable(text)
