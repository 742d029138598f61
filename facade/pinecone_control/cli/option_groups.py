"""Groups of options that several commands share: client, output, selection, choice of indexes."""

from collections.abc import Callable

import click

from pinecone_control._core.settings import HOST_VARIABLE
from pinecone_control.cli.client import PROFILE_VARIABLE, ClientOptions
from pinecone_control.cli.completion import INDEX_NAMES, listed, profile_names
from pinecone_control.cli.listing import Selection
from pinecone_control.cli.name_resolution import IndexChoice
from pinecone_control.cli.option_objects import Command, gathered
from pinecone_control.cli.options import (
    END_OF_PERIOD,
    MOMENT,
    index_option,
    interval_option,
    number,
    tag_filter_option,
    whole_number,
)
from pinecone_control.cli.output.columns import Resource
from pinecone_control.cli.output.formats import FORMATS, Output

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
        help="Read the API key from this file (- for standard input) instead of PINECONE_API_KEY.",
    ),
    click.option(
        "--profile",
        metavar="NAME",
        envvar=PROFILE_VARIABLE,
        show_envvar=True,
        shell_complete=profile_names,
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
        type=number(),
        default=120.0,
        metavar="SECONDS",
        help="Time limit for one call with all its retries; 120 by default.",
    ),
    click.option(
        "--debug", is_flag=True, help="Show every request and response, with the key masked."
    ),
)


def with_client(command: Command) -> Command:
    """Add the options of the client; the command receives them as `client`."""
    return gathered(command, _CLIENT, "client", ClientOptions)


def with_output(resource: Resource) -> Callable[[Command], Command]:
    """Add the options of the output; the command receives them as `output`."""

    def known(_: click.Context, __: click.Parameter, names: str | None) -> str | None:
        resource.chosen(names or "")  # refuses an unknown column before the command does anything
        return names

    options = (
        click.option(
            "-o",
            "--output",
            "--format",
            "form",
            type=click.Choice(FORMATS),
            default="table",
            help="Output format; json, jsonl and yaml use the API's field names.",
        ),
        click.option(
            "--columns",
            metavar="A,B,...",
            callback=known,
            shell_complete=listed(column.path for column in resource.columns),
            help="Show these fields; use JSON names, with dots for nested fields.",
        ),
        click.option("-q", "--quiet", is_flag=True, help="Show only ids or names, one per line."),
        click.option("--exact", is_flag=True, help="Show exact times in tables instead of ages."),
    )
    return lambda command: gathered(command, options, "output", Output)


def with_selection(
    resource: Resource, *, index_help: str | None = None, dated: bool = True
) -> Callable[[Command], Command]:
    """Add the options that select items of a listing; the command receives them as `selection`."""
    states = list(resource.states)
    options: list[Callable[[Command], Command]] = [
        click.option("--limit", type=whole_number(1), metavar="N", help="Show at most N items."),
        click.option(
            "--all",
            "everything",
            is_flag=True,
            help="Show all items, not only the first 100.",
        ),
        click.option(
            "--status",
            "states",
            multiple=True,
            metavar="STATUS",
            shell_complete=listed(states),
            help=f"Show only items with this status; repeatable. One of {', '.join(states)}.",
        ),
        click.option(
            "--sort",
            metavar="A,B,...",
            shell_complete=listed(column.path for column in resource.columns),
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
                type=MOMENT,
                help="Show items created at this time (2025-05-15, yesterday, 7d) or later.",
            ),
            click.option(
                "--until",
                type=END_OF_PERIOD,
                help="Show items created at this time or earlier; a date includes the whole day.",
            ),
        ]
    return lambda command: gathered(command, options, "selection", Selection)


def with_index_choice(command: Command) -> Command:
    """Add the arguments and options that choose indexes; the command receives them as `choice`."""
    options = (
        click.argument("index_names", metavar="[INDEX]...", nargs=-1, shell_complete=INDEX_NAMES),
        click.option(
            "--all-indexes", is_flag=True, help="Select all indexes that can be backed up."
        ),
        click.option(
            "--exclude",
            multiple=True,
            metavar="PATTERN",
            help="With --all-indexes: leave out names that match; can contain * and ?. Repeatable.",
        ),
        tag_filter_option(
            "--with-tag", "With --all-indexes: select only indexes with this tag; repeatable."
        ),
        tag_filter_option(
            "--without-tag", "With --all-indexes: leave out indexes with this tag; repeatable."
        ),
        click.option(
            "--without-restored",
            is_flag=True,
            help="With --all-indexes: leave out indexes that a restore created.",
        ),
    )
    return gathered(command, options, "choice", IndexChoice)
