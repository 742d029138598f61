"""`pinecone-control collections`: list, describe, create, delete."""

from typing import Final

import click

from pinecone_control.cli.columns import Column, Noun
from pinecone_control.cli.confirm import confirm
from pinecone_control.cli.connection import Connection
from pinecone_control.cli.listing import Selection, write_listing
from pinecone_control.cli.many import for_each
from pinecone_control.cli.options import with_connection, with_output, with_selection, yes_option
from pinecone_control.cli.output import Output

COLLECTION: Final = Noun(
    one="collection",
    many="collections",
    columns=(
        Column("name", "name", rank=0),
        Column("status", "status", "state", rank=1),
        Column("vector_count", "vectors", "count", rank=2),
        Column("size", "size", "size", rank=3),
        Column("dimension", "dimension", "number", rank=4),
        Column("environment", "environment", rank=5),
    ),
    states=("Initializing", "Ready", "Terminating"),
)


@click.group()
def collections() -> None:
    """Collections: static copies of pod indexes (serverless indexes have backups)."""


@collections.command(
    "list",
    epilog="""\b
Examples:
  $ pinecone-control collections list
  $ pinecone-control collections list --sort -size -o csv
""",
)
@with_selection(states=COLLECTION.states, dated=False)
@with_output
@with_connection
def list_(connection: Connection, output: Output, selection: Selection) -> None:
    """List collections."""
    with connection.open() as pc:
        write_listing(lambda _: pc.list_collections(), COLLECTION, selection, output)


@collections.command(epilog="\b\nExample:\n  $ pinecone-control collections describe catalog-2025")
@click.argument("name")
@with_output
@with_connection
def describe(connection: Connection, output: Output, name: str) -> None:
    """Show one collection."""
    with connection.open() as pc:
        output.one(pc.describe_collection(name), COLLECTION)


@collections.command(
    epilog="\b\nExample:\n  $ pinecone-control collections create catalog-2025 --source catalog"
)
@click.argument("name")
@click.option("--source", required=True, metavar="INDEX", help="The pod index to copy.")
@with_output
@with_connection
def create(connection: Connection, output: Output, name: str, source: str) -> None:
    """Copy a pod index into a new collection."""
    with connection.open() as pc:
        output.one(pc.create_collection(name, source=source), COLLECTION)


@collections.command(
    epilog="\b\nExample:\n  $ pinecone-control collections delete catalog-2024 --yes"
)
@click.argument("names", metavar="NAME...", nargs=-1, required=True)
@yes_option
@with_connection
def delete(connection: Connection, names: tuple[str, ...], *, yes: bool) -> None:
    """Delete collections. The service does it in the background."""
    with connection.open() as pc:
        confirm(f"Delete {', '.join(names)}?", yes=yes)
        for_each("deleted", names, pc.delete_collection)
