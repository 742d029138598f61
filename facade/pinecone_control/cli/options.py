"""Options that several commands have, each written once."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

import click
from attrs import fields_dict

from pinecone_control.cli import moments
from pinecone_control.cli.connection import Connection
from pinecone_control.cli.listing import Selection
from pinecone_control.cli.output import FORMATS, Output

if TYPE_CHECKING:
    from pinecone_control.models import DeletionProtection

C = TypeVar("C", bound=Callable[..., object])
Command = Callable[..., None]

_CONNECTION = (
    click.option("--host", metavar="URL", help="Control plane [PINECONE_CONTROLLER_HOST]."),
    click.option(
        "--api-key-file",
        metavar="FILE",
        help="Read the API key from a file, - for standard input [PINECONE_API_KEY holds a key].",
    ),
    click.option(
        "--profile", metavar="NAME", help="Key and host from a profile [PINECONE_CONTROL_PROFILE]."
    ),
    click.option("--ca-file", metavar="FILE", help="Certificates to trust, PEM."),
    click.option("--allow-plain-http", is_flag=True, help="Accept an http:// host elsewhere."),
    click.option(
        "--deadline",
        type=click.FloatRange(min=0, min_open=True),
        default=120.0,
        metavar="SECONDS",
        help="For one call with all its retries, 120 by default.",
    ),
    click.option("--debug", is_flag=True, help="Show each exchange, the key masked."),
)
_OUTPUT = (
    click.option(
        "-o",
        "--output",
        "form",
        type=click.Choice(FORMATS),
        default="table",
        help="Form of the result; JSON is the API's own.",
    ),
    click.option("--columns", metavar="A,B,...", help="Fields to show, by their names in JSON."),
    click.option("-q", "--quiet", is_flag=True, help="Only ids, one a line."),
    click.option("--exact", is_flag=True, help="Exact times instead of relative ones in tables."),
)


def with_connection(command: Command) -> Command:
    """Add the options of a connection; the command is given it as `connection`."""
    return _gathered(command, _CONNECTION, "connection", Connection)


def with_output(command: Command) -> Command:
    """Add the options of the output; the command is given it as `output`."""
    return _gathered(command, _OUTPUT, "output", Output)


def with_selection(
    *, states: tuple[str, ...], index_help: str | None = None, dated: bool = True
) -> Callable[[Command], Command]:
    """Add the options that choose among the items of a listing, given as `selection`."""
    options = [
        click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most N items."),
        click.option("--all", "everything", is_flag=True, help="All items, however many."),
        click.option(
            "--status",
            "states",
            multiple=True,
            metavar="STATUS",
            help=f"Only with this status, repeatable: {', '.join(states)}.",
        ),
        click.option(
            "--sort", metavar="FIELD", help="Sort by a field of the JSON; -FIELD for descending."
        ),
    ]
    if index_help is not None:
        options.append(click.option("--index", metavar="NAME", help=index_help))
    if dated:
        options += [
            click.option(
                "--since", type=_Moment(), help="Created then or later: 2025-05-15, yesterday, 7d."
            ),
            click.option(
                "--until",
                type=_Moment(end_of_day=True),
                help="Created then or before; a date alone: all of that day.",
            ),
        ]
    return lambda command: _gathered(command, tuple(options), "selection", Selection)


def pairs_option(name: str, text: str) -> Callable[[C], C]:
    """Add an option of the form KEY=VALUE, repeatable, given as a dict; None without any."""
    return click.option(name, multiple=True, metavar="KEY=VALUE", callback=_pairs, help=text)


def wait_options(what: str, *, default: float) -> Callable[[Command], Command]:
    """Add `--wait` and the seconds that it may take, given as `wait` and `timeout`."""

    def decorate(command: Command) -> Command:
        waits = click.option("--wait", is_flag=True, help=f"Return only when {what}.")
        return waits(timeout_option(default)(command))

    return decorate


def timeout_option(default: float) -> Callable[[C], C]:
    """Add `--timeout`, given as seconds."""
    return click.option(
        "--timeout",
        type=Seconds(),
        default=f"{default:g}s",
        metavar="TIME",
        help=f"Longest wait, such as 90s, 30m or 2h; {default / 60:g}m by default.",
    )


def protection_option(what: str) -> Callable[[C], C]:
    """Add `--protect` and `--unprotect`, given in the API's words; None without either."""
    return click.option(
        "--protect/--unprotect",
        "protection",
        default=None,
        callback=_protection,
        help=f"Refuse, or allow, to delete {what}.",
    )


def yes_option(command: C) -> C:
    """Add `--yes`."""
    return click.option("-y", "--yes", is_flag=True, help="Do not ask.")(command)


class _Moment(click.ParamType[datetime]):
    name = "time"

    def __init__(self, *, end_of_day: bool = False) -> None:
        self._end_of_day = end_of_day

    def convert(
        self,
        value: object,
        param: click.Parameter | None,  # noqa: ARG002 - as click calls it
        ctx: click.Context | None,  # noqa: ARG002
    ) -> datetime:
        now = datetime.now().astimezone()
        return moments.moment(str(value), now=now, end_of_day=self._end_of_day)


class Seconds(click.ParamType[float]):
    """A duration such as `90s`, `30m` or `2h`, or a number of seconds."""

    name = "time"

    def convert(
        self,
        value: object,
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> float:
        text = str(value)
        plain_number = text.replace(".", "", 1).isdigit()
        seconds = moments.duration(f"{text}s" if plain_number else text).total_seconds()
        if seconds <= 0:
            self.fail(f"{text!r}: a wait takes longer than nothing", param, ctx)
        return seconds


def _gathered(
    command: Command,
    options: tuple[Callable[[Command], Command], ...],
    name: str,
    kind: type[Connection] | type[Output] | type[Selection],
) -> Command:
    """Add options whose values are handed over together, as one object."""

    @wraps(command)
    def gathering(**given: Any) -> None:  # noqa: ANN401 - what click parsed
        own = {field: given.pop(field) for field in fields_dict(kind) if field in given}
        command(**given, **{name: kind(**own)})

    decorated: Command = gathering
    for option in reversed(options):
        decorated = option(decorated)
    return decorated


def _protection(
    _context: click.Context,
    _option: click.Parameter,
    wanted: bool | None,  # noqa: FBT001 - as click calls it
) -> "DeletionProtection | None":
    if wanted is None:
        return None
    return "enabled" if wanted else "disabled"


def _pairs(
    _context: click.Context, _option: click.Parameter, given: tuple[str, ...]
) -> dict[str, str] | None:
    pairs = {}
    for pair in given:
        key, equals, value = pair.partition("=")
        if not equals:
            raise click.BadParameter(f"{pair!r} is not of the form KEY=VALUE")
        pairs[key] = value
    return pairs or None
