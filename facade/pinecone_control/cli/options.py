"""Options that several commands have, each written once."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click
from attrs import AttrsInstance, fields_dict
from click.core import ParameterSource
from click.shell_completion import CompletionItem

from pinecone_control._core.settings import HOST_VARIABLE
from pinecone_control.cli.client import (
    PROFILE_VARIABLE,
    ClientOptions,
    read_profiles,
)
from pinecone_control.cli.listing import Selection
from pinecone_control.cli.lookup import IndexChoice
from pinecone_control.cli.output.columns import Resource
from pinecone_control.cli.output.formats import FORMATS, Output
from pinecone_control.cli.times import Duration, duration, moment
from pinecone_control.errors import PineconeError, PineconeValueError

if TYPE_CHECKING:
    from pinecone_control import Pinecone

C = TypeVar("C", bound=Callable[..., object])
V = TypeVar("V")
T = TypeVar("T", bound=AttrsInstance)
Command = Callable[..., None]
Complete = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]

_COMPLETION_DEADLINE = 3.0


# ------------------------------------------------------------------------------------ completion


def completed(names: "Callable[[Pinecone], Iterable[tuple[str, str]]]") -> Complete:
    """Return what completes an argument by the names, with remarks, that a client lists."""

    def complete(context: click.Context, _: click.Parameter, start: str) -> list[CompletionItem]:
        try:
            with _values(ClientOptions, context.params).connect() as pc:
                known = list(names(pc.with_options(deadline=_COMPLETION_DEADLINE)))
        except PineconeError:  # nothing to offer; the command itself will say why
            return []
        return [CompletionItem(name, help=says) for name, says in known if name.startswith(start)]

    return complete


INDEX_NAMES = completed(lambda pc: ((each.name, each.status.state) for each in pc.list_indexes()))
COLLECTION_NAMES = completed(
    lambda pc: ((each.name, each.status) for each in pc.list_collections())
)
BACKUP_IDS = completed(
    lambda pc: (
        (each.backup_id, f"{each.source_index_name} {each.name or ''}")
        for each in pc.list_backups().data
    )
)
RESTORE_JOB_IDS = completed(
    lambda pc: (
        (each.restore_job_id, f"{each.target_index_name} {each.status}")
        for each in pc.list_restore_jobs().data
    )
)


def _profile_names(_: click.Context, __: click.Parameter, start: str) -> list[CompletionItem]:
    with suppress(PineconeError):
        names = [profile.name for profile in read_profiles()]
        return [CompletionItem(name) for name in names if name.startswith(start)]
    return []


def _listed(words: Iterable[str]) -> Complete:
    """Return what completes the last of several words with commas between."""

    def complete(_: click.Context, __: click.Parameter, given: str) -> list[CompletionItem]:
        before, comma, start = given.rpartition(",")
        sign = "-" if start.startswith("-") else ""
        return [
            CompletionItem(f"{before}{comma}{sign}{word}")
            for word in words
            if word.casefold().startswith(start.removeprefix("-").casefold())
        ]

    return complete


# ------------------------------------------------------------------------------ groups of options

_CLIENT = (
    click.option(
        "--host",
        metavar="URL",
        envvar=HOST_VARIABLE,
        show_envvar=True,
        help="URL of the control plane.",
    ),
    click.option(
        "--api-key-file",
        metavar="FILE",
        type=click.Path(allow_dash=True),
        help="Read the API key from a file (- for standard input); PINECONE_API_KEY by default.",
    ),
    click.option(
        "--profile",
        metavar="NAME",
        envvar=PROFILE_VARIABLE,
        show_envvar=True,
        shell_complete=_profile_names,
        help="Use the key and the host of this profile.",
    ),
    click.option(
        "--ca-file", metavar="FILE", type=click.Path(), help="Trust the certificates in this file."
    ),
    click.option(
        "--allow-plain-http", is_flag=True, help="Allow http:// for hosts on other machines."
    ),
    click.option(
        "--deadline",
        type=click.FloatRange(min=0, min_open=True),
        default=120.0,
        metavar="SECONDS",
        help="Time limit for one call with all its retries; 120 by default.",
    ),
    click.option(
        "--debug", is_flag=True, help="Show every request and response, with the key masked."
    ),
)


def with_client(command: Command) -> Command:
    """Add the options of a client; the command is given them as `client`."""
    return _gathered(command, _CLIENT, "client", ClientOptions)


def with_output(
    resource: Resource | None = None, *, formats: Sequence[str] = FORMATS
) -> Callable[[Command], Command]:
    """Add the options of the output; the command is given them as `output`."""
    paths = [column.path for column in resource.columns] if resource else []
    options = (
        click.option(
            "-o",
            "--output",
            "--format",
            "form",
            type=click.Choice(formats),
            default="table",
            help="Output format; json, jsonl and yaml have the API's field names.",
        ),
        click.option(
            "--columns",
            metavar="A,B,...",
            shell_complete=_listed(paths),
            help="Show these fields: JSON names, with dots for fields of inner objects.",
        ),
        click.option("-q", "--quiet", is_flag=True, help="Show only ids or names, one per line."),
        click.option("--exact", is_flag=True, help="Show exact times in tables, not ages."),
    )
    return lambda command: _gathered(command, options, "output", Output)


def with_selection(
    resource: Resource, *, index_help: str | None = None, dated: bool = True
) -> Callable[[Command], Command]:
    """Add the options that choose among the items of a listing, given as `selection`."""
    states = list(resource.states)
    options: list[Callable[[Command], Command]] = [
        click.option(
            "--limit", type=click.IntRange(min=1), metavar="N", help="Show at most N items."
        ),
        click.option("--all", "everything", is_flag=True, help="Show all items."),
        click.option(
            "--status",
            "states",
            multiple=True,
            metavar="STATUS",
            shell_complete=_listed(states),
            help=f"Show only items with this status; repeatable. One of {', '.join(states)}.",
        ),
        click.option(
            "--sort",
            metavar="A,B,...",
            shell_complete=_listed([column.path for column in resource.columns]),
            help="Sort by these JSON fields; -FIELD sorts in descending order.",
        ),
        click.option("--watch", is_flag=True, help="Show changes until q or ctrl-C."),
        interval_option,
    ]
    if index_help is not None:
        options.append(index_option(index_help))
    if dated:
        options += [
            click.option(
                "--since",
                type=Parsed(_moment),
                help="Show items created at this time or later: 2025-05-15, yesterday, 7d.",
            ),
            click.option(
                "--until",
                type=Parsed(partial(_moment, end_of_day=True)),
                help="Show items created at this time or earlier; a date includes the whole day.",
            ),
        ]
    return lambda command: _gathered(command, options, "selection", Selection)


def _gathered(
    command: Command,
    options: Sequence[Callable[[Command], Command]],
    name: str,
    kind: type[AttrsInstance],
) -> Command:
    """Add options whose values are handed over together, as one object of a class of attrs."""

    @wraps(command)
    def gathering(**given: Any) -> None:
        gathered = _values(kind, given)
        rest = {option: value for option, value in given.items() if option not in fields_dict(kind)}
        command(**rest, **{name: gathered})

    decorated: Command = gathering
    for option in reversed(options):
        decorated = option(decorated)
    return decorated


def _values(kind: type[T], params: Mapping[str, Any]) -> T:
    """Return an object of a class of attrs, with those parameters that are fields of it."""
    fields = fields_dict(kind)
    values = {name: params[name] for name in fields if name in params}
    if "given" in fields:
        values["given"] = frozenset(filter(was_given, values))
    return kind(**values)


# ---------------------------------------------------------------------------------- single options


class Parsed(click.ParamType[V]):
    """What a function reads from the text of an option; its errors are the command's."""

    name = "time"

    def __init__(self, read: Callable[[str], V]) -> None:
        self._read = read

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> V:
        return self._read(value) if isinstance(value, str) else value


def _moment(text: str, **how: bool) -> datetime:
    return moment(text, now=datetime.now().astimezone(), **how)


def _duration(text: str, *, deletes: bool = False) -> Duration:
    read = duration(text, deletes=deletes)
    if read.seconds <= 0:
        raise click.BadParameter(f"{text!r} must be longer than 0 seconds")
    return read


def _seconds(text: str) -> float:
    """Return a duration such as `90s`, or a number of seconds, as seconds."""
    is_number = text.replace(".", "", 1).isdigit()
    return _duration(f"{text}s" if is_number else text).seconds


SECONDS: Final = Parsed(_seconds)
DURATION: Final = Parsed(_duration)
KEPT_DURATION: Final = Parsed(partial(_duration, deletes=True))
CUT_OFF: Final = Parsed(partial(_moment, deletes=True))

interval_option = click.option(
    "--interval",
    type=SECONDS,
    default="2s",
    metavar="TIME",
    help="Time between two updates of --watch; 2s by default.",
)


def index_option(text: str, *, name: str = "index", multiple: bool = False) -> Callable[[C], C]:
    """Add `--index`."""
    return click.option(
        "--index", name, metavar="NAME", multiple=multiple, shell_complete=INDEX_NAMES, help=text
    )


def pairs_option(name: str, text: str) -> Callable[[C], C]:
    """Add an option of the form KEY=VALUE, repeatable, given as a dict; None without any."""
    return click.option(name, multiple=True, metavar="KEY=VALUE", callback=_pairs, help=text)


def wait_options(what: str, *, default: float) -> Callable[[Command], Command]:
    """Add `--wait` and the seconds that it may take, given as `wait` and `timeout`."""

    def decorate(command: Command) -> Command:
        waits = click.option("--wait", is_flag=True, help=f"Wait until {what}.")
        return waits(timeout_option(default)(command))

    return decorate


def timeout_option(default: float) -> Callable[[C], C]:
    """Add `--timeout`, given as seconds."""
    return click.option(
        "--timeout",
        type=SECONDS,
        default=f"{default:g}s",
        metavar="TIME",
        help=f"Time limit for the wait, such as 90s, 30m or 2h; {default / 60:g}m by default.",
    )


def protection_option(what: str) -> Callable[[C], C]:
    """Add `--protect` and `--unprotect`, given in the API's words; None without either."""
    option = partial(click.option, type=str, default=None)
    on = option("--protect", "protection", flag_value="enabled", help=f"Refuse to delete {what}.")
    off = option("--unprotect", "protection", flag_value="disabled", help="Allow to delete it.")
    return lambda command: on(off(command))


def concurrency_option(default: int, what: str = "Concurrent requests") -> Callable[[C], C]:
    """Add `--concurrency`."""
    return click.option(
        "--concurrency",
        type=click.IntRange(1, 64),
        default=default,
        metavar="N",
        help=f"{what}; {default} by default.",
    )


def report_options(usual: str) -> Callable[[C], C]:
    """Add `--output` and `--junit`, given as `form` and `junit`; `usual` names the default form."""
    form = click.option(
        "-o",
        "--output",
        "form",
        type=click.Choice(["table", "json", "junit"]),
        default="table",
        help=f"Report format; {usual} by default.",
    )
    junit = click.option(
        "--junit",
        type=click.Path(path_type=Path),
        callback=_writable,
        metavar="FILE",
        help="Also write a JUnit report to this file.",
    )
    return lambda command: form(junit(command))


def _writable(_: click.Context, __: click.Parameter, file: Path | None) -> Path | None:
    """Refuse a file in no folder before the work is done that it is to report."""
    if file is not None and not file.parent.is_dir():
        raise PineconeValueError(f"cannot write {file}: there is no folder {file.parent}")
    return file


yes_option = click.option("-y", "--yes", is_flag=True, help="Do not ask for confirmation.")
dry_run_option = click.option(
    "--dry-run", is_flag=True, help="Show what would be done; change nothing."
)


def argument(name: str, complete: Complete, **settings: Any) -> Callable[[C], C]:
    """Add an argument that is completed with what the service lists."""
    return click.argument(name, shell_complete=complete, **settings)


def was_given(name: str) -> bool:
    """Whether an option of the running command stood on its command line."""
    context = click.get_current_context(silent=True)  # there is none while a shell completes
    source = None if context is None else context.get_parameter_source(name)
    return source == ParameterSource.COMMANDLINE


def with_index_choice(command: Command) -> Command:
    """Add the names of indexes, or what chooses among all of them, given as `choice`."""
    options = (
        argument("index_names", INDEX_NAMES, metavar="[INDEX]...", nargs=-1),
        click.option(
            "--all-indexes", is_flag=True, help="Select all indexes that can be backed up."
        ),
        click.option(
            "--exclude",
            multiple=True,
            metavar="PATTERN",
            help="With --all-indexes: leave out names that match (* and ?); repeatable.",
        ),
        pairs_option("--with-tag", "With --all-indexes: only indexes with this tag; repeatable."),
        pairs_option(
            "--without-tag", "With --all-indexes: leave out indexes with this tag; repeatable."
        ),
        click.option(
            "--without-restored",
            is_flag=True,
            help="With --all-indexes: leave out indexes that a restore created.",
        ),
    )
    return _gathered(command, options, "choice", IndexChoice)


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
