"""The four kinds of resources, their columns, and how values are formatted."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Literal

from attrs import field, fields, frozen

from pinecone_control.cli.output.terminal import counted, printable
from pinecone_control.cli.times import ago, stamp, timestamp
from pinecone_control.errors import PineconeValueError
from pinecone_control.models import Model
from pinecone_control_api import models, resource_states
from pinecone_control_api.model_properties import readable_size

Kind = Literal["text", "id", "state", "action", "time", "percent", "size", "number", "count"]

RIGHT_ALIGNED: Final = frozenset({"percent", "size", "number", "count"})
_COLOURS: Final = {"ready": "green", "at work": "yellow", "failed": "red"}
_VERDICTS: Final = {
    **resource_states.INDEX,
    **resource_states.COLLECTION,
    **resource_states.BACKUP,
    **resource_states.RESTORE_JOB,
}


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
        """Return the value; None if it is absent."""
        return self.derived(item) if self.derived else value_at(item, self.path)

    def json(self, item: Model, wire: Mapping[str, object]) -> object:
        """Return the value in its JSON form, taken from `wire`, the item's JSON form."""
        return self.derived(item) if self.derived else value_at(wire, self.path)

    def cell(self, item: Model, now: datetime | None) -> str:
        """Return the value as text; times are relative to `now`, or exact if it is None."""
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
        """Return the colour of a known state or of a deletion, otherwise None."""
        if self.kind == "action":
            return "red" if self.value(item) == "delete" else None
        verdict = _VERDICTS.get(str(self.value(item))) if self.kind == "state" else None
        return _COLOURS[verdict] if verdict else None

    @property
    def is_vital(self) -> bool:
        """Whether a narrow terminal hides other columns first: true of key, state and progress."""
        return self.rank == 0 or self.kind in {"state", "percent", "action"}


def value_at(item: object, path: str) -> object:
    """Return the value at a dotted path of a model or mapping; None if there is none."""
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


# ----------------------------------------------------------------------------------- resources


@frozen(kw_only=True)
class Resource:
    """A kind of resource: its names, its columns, and the fields with a special meaning."""

    one: str
    many: str
    model: Callable[[], type[Model]]
    columns: tuple[Column, ...]
    """The columns defined here; `every_column` adds the model's other fields."""
    states: Mapping[str, resource_states.Verdict]
    """The known states, in the order that a resource goes through them."""
    state: str = "status"
    index: str | None = None
    """The field that `--index` compares."""

    @property
    def key(self) -> Column:
        return next(column for column in self.columns if column.rank == 0)

    def counted(self, count: int) -> str:
        """Return a count with the noun: `1 index`, `2 indexes`."""
        return counted(count, self.one, self.many)

    def shown(self) -> list[Column]:
        """Return the columns of a table, in their order."""
        return [column for column in self.columns if column.rank is not None]

    def every_column(self) -> list[Column]:
        """Return all columns: those defined here, and one for each other field of the model."""
        set_here = {column.path.partition(".")[0] for column in self.columns}
        others = [each.name for each in fields(self.model()) if each.name not in set_here]
        return [*self.columns, *(Column(name, name.replace("_", " ")) for name in others)]

    def chosen(self, names: str) -> list[Column]:
        """Return the columns named in a comma-separated list."""
        return [self.column(name.strip()) for name in names.split(",") if name.strip()]

    def column(self, name: str) -> Column:
        """Return a column by the dotted path of its field.

        Raises:
            PineconeValueError: there is no such column.
        """
        known = {column.path: column for column in self.every_column()}
        if name in known:
            return known[name]
        outer, dot, _ = name.partition(".")
        if dot and outer in {path.partition(".")[0] for path in known}:
            return Column(name, name, rank=9)
        raise PineconeValueError(
            f"{self.many} have no column {name!r}{did_you_mean(name, known)}",
            hint=f"The columns are: {', '.join(known)}",
        )


def did_you_mean(given: str, known: Iterable[str]) -> str:
    """Return ` (did you mean x?)` if a known name is similar, otherwise an empty text."""
    from difflib import get_close_matches

    close = get_close_matches(given, list(known), n=1)
    return f" (did you mean {close[0]}?)" if close else ""


def _kind(index: "models.Index") -> str | None:
    spec = index.spec
    kinds = {"serverless": spec.serverless, "pod": spec.pod, "byoc": spec.byoc}
    return next((name for name, given in kinds.items() if given is not None), None)


def _place(index: "models.Index") -> str | None:
    spec = index.spec
    if spec.serverless is not None:
        return spec.serverless.region
    place = spec.pod or spec.byoc
    return None if place is None else place.environment


INDEX: Final = Resource(
    one="index",
    many="indexes",
    model=lambda: models.Index,
    columns=(
        Column("name", "name", rank=0),
        Column("status.state", "status", "state", rank=1),
        Column("kind", "kind", rank=3, derived=_kind),
        Column("region", "region", rank=4, derived=_place),
        Column("dimension", "dimension", "number", rank=2),
        Column("metric", "metric", rank=5),
        Column("deletion_protection", "protection", rank=6),
        Column("vector_type", "vectors"),
        Column("host", "host"),
        Column("spec", "spec"),
        Column("tags", "tags"),
        Column("embed.model", "model"),
    ),
    states=resource_states.INDEX,
    state="status.state",
)

COLLECTION: Final = Resource(
    one="collection",
    many="collections",
    model=lambda: models.Collection,
    columns=(
        Column("name", "name", rank=0),
        Column("status", "status", "state", rank=1),
        Column("vector_count", "vectors", "count", rank=2),
        Column("size", "size", "size", rank=3),
        Column("dimension", "dimension", "number", rank=4),
        Column("environment", "environment", rank=5),
    ),
    states=resource_states.COLLECTION,
)

BACKUP: Final = Resource(
    one="backup",
    many="backups",
    model=lambda: models.Backup,
    columns=(
        Column("backup_id", "id", "id", rank=0),
        Column("status", "status", "state", rank=1),
        Column("source_index_name", "index", rank=2),
        Column("name", "name", rank=3),
        Column("record_count", "records", "count", rank=6),
        Column("size_bytes", "size", "size", rank=5),
        Column("created_at", "created", "time", rank=4),
        Column("description", "description"),
        Column("source_index_id", "source index id", "id"),
        Column("cloud", "cloud"),
        Column("region", "region"),
        Column("dimension", "dimension", "number"),
        Column("metric", "metric"),
        Column("namespace_count", "namespaces", "count"),
        Column("tags", "tags"),
    ),
    states=resource_states.BACKUP,
    index="source_index_name",
)

RESTORE_JOB: Final = Resource(
    one="restore job",
    many="restore jobs",
    model=lambda: models.RestoreJob,
    columns=(
        Column("restore_job_id", "id", "id", rank=0),
        Column("status", "status", "state", rank=1),
        Column("target_index_name", "target index", rank=2),
        Column("percent_complete", "done", "percent", rank=3),
        Column("created_at", "created", "time", rank=4),
        Column("completed_at", "completed", "time"),
        Column("backup_id", "backup", "id"),
        Column("target_index_id", "target index id", "id"),
    ),
    states=resource_states.RESTORE_JOB,
    index="target_index_name",
)
