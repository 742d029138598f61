"""Shell completion of arguments and options."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import click
from click.shell_completion import CompletionItem

from pinecone_control.cli.client import ClientOptions
from pinecone_control.cli.option_objects import values_of
from pinecone_control.cli.profiles import read_profiles
from pinecone_control.errors import PineconeError

if TYPE_CHECKING:
    from pinecone_control import Pinecone

Complete = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]

_DEADLINE: Final = 3.0


def completed(names: "Callable[[Pinecone], Iterable[tuple[str, str]]]") -> Complete:
    """Return a completer that offers names from the API, each with a short description."""

    def complete(context: click.Context, _: click.Parameter, start: str) -> list[CompletionItem]:
        try:
            with values_of(ClientOptions, context.params).connect() as pc:
                known = list(names(pc.with_options(deadline=_DEADLINE)))
        except PineconeError:  # the command itself reports the error
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


def profile_names(_: click.Context, __: click.Parameter, start: str) -> list[CompletionItem]:
    with suppress(PineconeError):
        names = [profile.name for profile in read_profiles()]
        return [CompletionItem(name) for name in names if name.startswith(start)]
    return []


def listed(words: Iterable[str]) -> Complete:
    """Return a completer for the last word of a comma-separated list."""
    known = list(words)

    def complete(_: click.Context, __: click.Parameter, given: str) -> list[CompletionItem]:
        before, comma, start = given.rpartition(",")
        sign = "-" if start.startswith("-") else ""
        return [
            CompletionItem(f"{before}{comma}{sign}{word}")
            for word in known
            if word.casefold().startswith(start.removeprefix("-").casefold())
        ]

    return complete
