"""Options that several commands have, each written once."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

import click
from attrs import fields_dict
from click.core import ParameterSource
from click.shell_completion import CompletionItem

from pinecone_control._core.settings import HOST_VARIABLE
from pinecone_control.cli.client import ClientOptions
from pinecone_control.cli.index_choice import IndexChoice
from pinecone_control.cli.listing import Selection
from pinecone_control.cli.output.formats import FORMATS, Output
from pinecone_control.cli.output.resources import Resource
from pinecone_control.cli.profiles import PROFILE_VARIABLE, profiles_file, read_profiles
from pinecone_control.cli.times import Duration, duration, moment
from pinecone_control.errors import PineconeError

if TYPE_CHECKING:
    from pinecone_control import Pinecone
    from pinecone_control.models import DeletionProtection

C = TypeVar("C", bound=Callable[..., object])
Command = Callable[..., None]
Complete = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]

_COMPLETION_DEADLINE = 3.0
_MOST_COMPLETIONS = 200


# ------------------------------------------------------------------------------------ completion


def completed(names: "Callable[[Pinecone], Sequence[tuple[str, str]]]") -> Complete:
    """Return what completes an argument by the names, with remarks, that a client lists."""

    def complete(context: click.Context, _: click.Parameter, start: str) -> list[CompletionItem]:
        try:
            options = _client_options(context.params, frozenset())
            with options.connect() as pc:
                known = names(pc.with_options(deadline=_COMPLETION_DEADLINE))
        except PineconeError:  # nothing to offer; the command itself will say why
            return []
        return [
            CompletionItem(name, help=remark) for name, remark in known if name.startswith(start)
        ]

    return complete


def _index_names(pc: "Pinecone") -> list[tuple[str, str]]:
    return [(index.name, index.status.state) for index in pc.list_indexes()]


def _backup_ids(pc: "Pinecone") -> list[tuple[str, str]]:
    backups = pc.list_backups(limit=100).data[:_MOST_COMPLETIONS]
    return [(each.backup_id, f"{each.source_index_name} {each.name or ''}") for each in backups]


def _restore_job_ids(pc: "Pinecone") -> list[tuple[str, str]]:
    jobs = pc.list_restore_jobs(limit=100).data[:_MOST_COMPLETIONS]
    return [(job.restore_job_id, f"{job.target_index_name} {job.status}") for job in jobs]


def _collection_names(pc: "Pinecone") -> list[tuple[str, str]]:
    return [(collection.name, collection.status) for collection in pc.list_collections()]


INDEX_NAMES = completed(_index_names)
BACKUP_IDS = completed(_backup_ids)
RESTORE_JOB_IDS = completed(_restore_job_ids)
COLLECTION_NAMES = completed(_collection_names)


def _profile_names(_: click.Context, __: click.Parameter, start: str) -> list[CompletionItem]:
    try:
        names = [profile.name for profile in read_profiles(profiles_file())]
    except PineconeError:
        return []
    return [CompletionItem(name) for name in names if name.startswith(start)]


def _listed(words: Sequence[str], *, after: str = ",") -> Complete:
    """Return what completes the last of several words with commas between."""

    def complete(_: click.Context, __: click.Parameter, given: str) -> list[CompletionItem]:
        before, comma, start = given.rpartition(after)
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
    return _gathered(command, _CLIENT, "client", _client_options)


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
    return lambda command: _gathered(command, options, "output", _output)


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
                type=Moment(),
                help="Show items created at this time or later: 2025-05-15, yesterday, 7d.",
            ),
            click.option(
                "--until",
                type=Moment(end_of_day=True),
                help="Show items created at this time or earlier; a date includes the whole day.",
            ),
        ]
    return lambda command: _gathered(command, tuple(options), "selection", _selection)


def _gathered(
    command: Command,
    options: tuple[Callable[[Command], Command], ...],
    name: str,
    gather: Callable[[dict[str, Any], frozenset[str]], object],
) -> Command:
    """Add options whose values are handed over together, as one object."""

    @wraps(command)
    def gathering(**given: Any) -> None:
        context = click.get_current_context()
        spoken = frozenset(
            each
            for each in given
            if context.get_parameter_source(each) == ParameterSource.COMMANDLINE
        )
        gathered = gather(given, spoken)
        command(**given, **{name: gathered})

    decorated: Command = gathering
    for option in reversed(options):
        decorated = option(decorated)
    return decorated


def _client_options(params: dict[str, Any], spoken: frozenset[str]) -> ClientOptions:
    own = fields_dict(ClientOptions).keys() - {"given"}
    return ClientOptions(**{n: params.pop(n) for n in own if n in params}, given=spoken & own)


def _output(params: dict[str, Any], _: frozenset[str]) -> Output:
    return Output(**{name: params.pop(name) for name in fields_dict(Output)})


def _index_choice(params: dict[str, Any], spoken: frozenset[str]) -> IndexChoice:
    own = fields_dict(IndexChoice).keys() - {"given"}
    return IndexChoice(**{name: params.pop(name) for name in own}, given=spoken & own)


def _selection(params: dict[str, Any], _: frozenset[str]) -> Selection:
    own = fields_dict(Selection)
    return Selection(**{name: params.pop(name) for name in own if name in params})


# ---------------------------------------------------------------------------------- single options


class Moment(click.ParamType[datetime]):
    """A date or time as people write it."""

    name = "time"

    def __init__(self, *, end_of_day: bool = False, deletes: bool = False) -> None:
        self._end_of_day = end_of_day
        self._deletes = deletes

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        now = datetime.now().astimezone()
        return moment(str(value), now=now, end_of_day=self._end_of_day, deletes=self._deletes)


class Length(click.ParamType[Duration]):
    """A duration such as `26h`, `2 weeks` or `6mo`."""

    name = "time"

    def __init__(self, *, deletes: bool = False) -> None:
        self._deletes = deletes

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Duration:
        if isinstance(value, Duration):
            return value
        return duration(str(value), deletes=self._deletes)


class Seconds(click.ParamType[float]):
    """A duration such as `90s`, `30m` or `2h`, or a number of seconds."""

    name = "time"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        text = str(value)
        plain_number = text.replace(".", "", 1).isdigit()
        seconds = duration(f"{text}s" if plain_number else text).seconds
        if seconds <= 0:
            self.fail(f"{text!r} must be longer than 0 seconds", param, ctx)
        return seconds


interval_option: Callable[[Command], Command] = click.option(
    "--interval",
    type=Seconds(),
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
        type=Seconds(),
        default=f"{default:g}s",
        metavar="TIME",
        help=f"Time limit for the wait, such as 90s, 30m or 2h; {default / 60:g}m by default.",
    )


def protection_option(what: str) -> Callable[[C], C]:
    """Add `--protect` and `--unprotect`, given in the API's words; None without either."""
    return click.option(
        "--protect/--unprotect",
        "protection",
        default=None,
        callback=_protection,
        help=f"Turn deletion protection of {what} on or off.",
    )


def concurrency_option(default: int, what: str = "Concurrent requests") -> Callable[[C], C]:
    """Add `--concurrency`."""
    return click.option(
        "--concurrency",
        type=click.IntRange(1, 64),
        default=default,
        metavar="N",
        help=f"{what}; {default} by default.",
    )


def yes_option(command: C) -> C:
    """Add `--yes`."""
    return click.option("-y", "--yes", is_flag=True, help="Do not ask for confirmation.")(command)


def dry_run_option(command: C) -> C:
    """Add `--dry-run`."""
    return click.option("--dry-run", is_flag=True, help="Show what would be done; change nothing.")(
        command
    )


def argument(name: str, complete: Complete, **settings: Any) -> Callable[[C], C]:
    """Add an argument that is completed with what the service lists."""
    return click.argument(name, shell_complete=complete, **settings)


def was_given(name: str) -> bool:
    """Whether an option of the running command stood on its command line."""
    source = click.get_current_context().get_parameter_source(name)
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
    return _gathered(command, options, "choice", _index_choice)


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
