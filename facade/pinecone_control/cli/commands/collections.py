"""`pinecone-control collections`: list, describe, create, delete."""

import click

from pinecone_control._core import request_bodies
from pinecone_control.cli.client import ClientOptions
from pinecone_control.cli.commands import Verbs
from pinecone_control.cli.commands.deleting import confirm, for_each
from pinecone_control.cli.completion import COLLECTION_NAMES, INDEX_NAMES
from pinecone_control.cli.errors import PROGRAM
from pinecone_control.cli.listing import Selection, unpaged, write_listing
from pinecone_control.cli.option_groups import with_client, with_output, with_selection
from pinecone_control.cli.options import dry_run_option, yes_option
from pinecone_control.cli.output.columns import COLLECTION
from pinecone_control.cli.output.formats import Output
from pinecone_control.cli.output.terminal import say
from pinecone_control.errors import PineconeError


@click.group(
    cls=Verbs,
    epilog="\b\nExample:\n  $ pinecone-control collections create catalog-2025 --source catalog",
)
def collections() -> None:
    """Manage collections, which are static copies of pod indexes."""


@collections.command(
    "list",
    epilog="""\b
Examples:
  $ pinecone-control collections list
  $ pinecone-control collections list --sort -size -o csv
""",
)
@with_selection(COLLECTION, dated=False)
@with_output(COLLECTION)
@with_client
def list_(client: ClientOptions, output: Output, selection: Selection) -> None:
    """List collections."""
    with client.connect() as pc:
        write_listing(unpaged(pc.list_collections), COLLECTION, selection, output)


@collections.command(epilog="\b\nExample:\n  $ pinecone-control collections describe catalog-2025")
@click.argument("name", shell_complete=COLLECTION_NAMES)
@with_output(COLLECTION)
@with_client
def describe(client: ClientOptions, output: Output, name: str) -> None:
    """Show one collection."""
    with client.connect() as pc:
        output.one(pc.describe_collection(name), COLLECTION)


@collections.command(
    epilog="\b\nExample:\n  $ pinecone-control collections create catalog-2025 --source catalog"
)
@click.argument("name")
@click.option(
    "--source",
    required=True,
    metavar="INDEX",
    shell_complete=INDEX_NAMES,
    help="The pod index to copy.",
)
@dry_run_option
@with_output(COLLECTION)
@with_client
def create(client: ClientOptions, output: Output, name: str, source: str, *, dry_run: bool) -> None:
    """Copy a pod index into a new collection."""
    with client.connect() as pc:
        if dry_run:
            request_bodies.create_collection(name=name, source=source)
            if pc.describe_index(source).spec.pod is None:
                raise PineconeError(
                    f"{source} is not a pod index, so it has backups instead of collections",
                    hint=f"See: {PROGRAM} backups create --help",
                )
            if any(each.name == name for each in pc.list_collections()):
                raise PineconeError(
                    f"a collection named {name!r} already exists", hint="Choose another name."
                )
            say(f"would be created: {name}, a copy of the index {source}")
            return
        output.one(pc.create_collection(name, source=source), COLLECTION)


@collections.command(
    epilog="\b\nExample:\n  $ pinecone-control collections delete catalog-2024 --yes"
)
@click.argument(
    "names", shell_complete=COLLECTION_NAMES, metavar="NAME...", nargs=-1, required=True
)
@yes_option
@dry_run_option
@with_client
def delete(client: ClientOptions, names: tuple[str, ...], *, yes: bool, dry_run: bool) -> None:
    """Delete collections.

    The service deletes in the background.
    """
    with client.connect() as pc:
        if dry_run:
            for_each(pc, "would be deleted", names, pc.describe_collection)
            return
        confirm(f"Delete {', '.join(names)}?", yes=yes)
        for_each(pc, "deleted", names, pc.delete_collection)
