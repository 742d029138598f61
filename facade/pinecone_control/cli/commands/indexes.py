"""`pinecone-control indexes`: list, describe, create, configure, wait, delete."""

from typing import TYPE_CHECKING, Any, Final, get_args

import click

from pinecone_control._core import request_bodies
from pinecone_control.cli.client import ClientOptions
from pinecone_control.cli.commands import Verbs
from pinecone_control.cli.commands.deleting import confirm, for_each
from pinecone_control.cli.completion import INDEX_NAMES
from pinecone_control.cli.errors import PROGRAM
from pinecone_control.cli.listing import Selection, unpaged, write_listing
from pinecone_control.cli.name_resolution import refuse_existing_index
from pinecone_control.cli.option_groups import with_client, with_output, with_selection
from pinecone_control.cli.options import (
    dry_run_option,
    pairs_option,
    protection_option,
    timeout_option,
    wait_options,
    whole_number,
    yes_option,
)
from pinecone_control.cli.output.columns import INDEX, plain
from pinecone_control.cli.output.formats import Output
from pinecone_control.cli.output.terminal import say
from pinecone_control.cli.waiting import (
    command_line,
    hint_if_request_interrupted,
    wait_for_index,
    wait_for_index_deleted,
)
from pinecone_control.errors import PineconeError
from pinecone_control.models import Metric, VectorType

if TYPE_CHECKING:
    from pinecone_control import Pinecone
    from pinecone_control.models import DeletionProtection

_TIMEOUT: Final = 600.0


@click.group(
    cls=Verbs,
    epilog="""\b
Examples:
  $ pinecone-control indexes list
  $ pinecone-control indexes create movies --cloud aws --region us-east-1 --dimension 1536 --wait
""",
)
def indexes() -> None:
    """List, create, change and delete indexes."""


@indexes.command(
    "list",
    epilog="""\b
Examples:
  $ pinecone-control indexes list
  $ pinecone-control indexes list --status Ready -q
  $ pinecone-control indexes list --columns name,dimension,tags.team -o csv
""",
)
@with_selection(INDEX, dated=False)
@with_output(INDEX)
@with_client
def list_(client: ClientOptions, output: Output, selection: Selection) -> None:
    """List indexes.

    Besides the JSON fields, --columns accepts `kind` and `region`.
    """
    with client.connect() as pc:
        write_listing(unpaged(pc.list_indexes), INDEX, selection, output)


@indexes.command(epilog="\b\nExample:\n  $ pinecone-control indexes describe movies")
@click.argument("name", shell_complete=INDEX_NAMES)
@with_output(INDEX)
@with_client
def describe(client: ClientOptions, output: Output, name: str) -> None:
    """Show one index."""
    with client.connect() as pc:
        output.one(pc.describe_index(name), INDEX)


@indexes.command(
    epilog="""\b
Examples:
  $ pinecone-control indexes create movies --cloud aws --region us-east-1 --dimension 1536 --wait
  $ pinecone-control indexes create notes --cloud aws --region us-east-1 --vector-type sparse
  $ pinecone-control indexes create docs --cloud aws --region us-east-1 \\
      --model multilingual-e5-large --field-map text=chunk
  $ pinecone-control indexes create old --environment us-east-1-aws --pod-type p1.x1 --dimension 384
"""
)
@click.argument("name")
@click.option("--cloud", metavar="CLOUD", help="Cloud of a serverless index: aws, gcp or azure.")
@click.option("--region", metavar="REGION", help="Region of a serverless index, like us-east-1.")
@click.option("--environment", metavar="ENV", help="Environment of a pod or BYOC index.")
@click.option("--pod-type", metavar="TYPE", help="Pod type of a pod index, such as p1.x1.")
@click.option("--replicas", type=whole_number(1), metavar="N", help="Replicas of a pod index.")
@click.option("--shards", type=whole_number(1), metavar="N", help="Shards of a pod index.")
@click.option(
    "--source-collection", metavar="NAME", help="Create a pod index from this collection."
)
@click.option("--dimension", type=int, metavar="N", help="Dimension of dense vectors, 1 to 20000.")
@click.option("--metric", type=click.Choice(get_args(Metric)), help="Distance metric.")
@click.option(
    "--vector-type", type=click.Choice(get_args(VectorType)), help="Vector type; dense by default."
)
@click.option("--model", metavar="MODEL", help="Hosted model that embeds the text of records.")
@pairs_option("--field-map", "Field of a record that the model embeds, such as text=chunk.")
@pairs_option("--tag", "Add this tag; repeatable.")
@protection_option
@wait_options("the index is ready", default=_TIMEOUT)
@dry_run_option
@with_output(INDEX)
@with_client
def create(
    client: ClientOptions,
    output: Output,
    name: str,
    *,
    model: str | None,
    field_map: dict[str, str] | None,
    tag: dict[str, str] | None,
    protection: "DeletionProtection | None",
    wait: bool,
    timeout: float,
    dry_run: bool,
    **options: Any,
) -> None:
    """Create an index.

    --cloud and --region create a serverless index, --environment with --pod-type a pod index, and
    --environment alone an index in your own cloud (BYOC). For options that you leave out, the
    service's defaults apply.
    """
    vectors = {each: options.pop(each) for each in ("dimension", "metric", "vector_type")}
    spec = _spec(**options)
    settings: dict[str, Any] = {"deletion_protection": protection, "tags": tag}
    if model is None:
        settings |= {"spec": spec, **vectors}
    elif "serverless" in spec and vectors["vector_type"] is None:
        given = {each: value for each, value in vectors.items() if value is not None}
        embed = {"model": model, "field_map": field_map or {}, **given}
        settings |= {**spec["serverless"], "embed": embed}
    else:
        raise click.UsageError("--model goes with --cloud and --region, without --vector-type")
    if dry_run:
        bodies = request_bodies
        body = bodies.create_index if model is None else bodies.create_index_for_model
        planned = plain(body(name=name, **settings))
        with client.connect() as pc:
            refuse_existing_index(pc, name)
        say(f"would be created: {planned}")
        return
    with client.connect() as pc:
        make = pc.create_index if model is None else pc.create_index_for_model
        with hint_if_request_interrupted(command_line(client, "indexes", "wait", name)):
            index = make(name, **settings)
        if wait:
            index = wait_for_index(pc, client, name, timeout, known=index)
        output.one(index, INDEX)


@indexes.command(
    epilog="""\b
Examples:
  $ pinecone-control indexes configure movies --protect --tag team=search
  $ pinecone-control indexes configure movies --tag team=
  $ pinecone-control indexes configure old --replicas 2 --wait
"""
)
@click.argument("name", shell_complete=INDEX_NAMES)
@click.option("--replicas", type=whole_number(1), metavar="N", help="Replicas of a pod index.")
@click.option("--pod-type", metavar="TYPE", help="Pod type of a pod index, such as p1.x2.")
@pairs_option("--tag", "Set this tag; an empty value removes it. Repeatable.")
@protection_option
@wait_options("the index is ready", default=_TIMEOUT)
@dry_run_option
@with_output(INDEX)
@with_client
def configure(
    client: ClientOptions,
    output: Output,
    name: str,
    *,
    tag: dict[str, str] | None,
    protection: "DeletionProtection | None",
    wait: bool,
    timeout: float,
    dry_run: bool,
    **pod: Any,
) -> None:
    """Change settings of an index.

    Settings that you do not give stay the same.
    """
    changes = {"tags": tag, "deletion_protection": protection, **pod}
    if not any(changes.values()):
        raise click.UsageError(
            "nothing to change: give --replicas, --pod-type, --tag, --protect or --unprotect"
        )
    with client.connect() as pc:
        if dry_run:
            body = request_bodies.configure_index(**changes, embed=None)
            pc.describe_index(name)
            say(f"would be changed: {name}: {plain(body)}")
            return
        index = pc.configure_index(name, **changes)
        if wait:
            index = wait_for_index(pc, client, name, timeout, known=index)
        output.one(index, INDEX)


@indexes.command(epilog="\b\nExample:\n  $ pinecone-control indexes wait movies --timeout 5m")
@click.argument("name", shell_complete=INDEX_NAMES)
@timeout_option(_TIMEOUT)
@with_output(INDEX)
@with_client
def wait(client: ClientOptions, output: Output, name: str, timeout: float) -> None:
    """Wait until an index is ready, and show it."""
    with client.connect() as pc:
        output.one(wait_for_index(pc, client, name, timeout), INDEX)


@indexes.command(
    epilog="""\b
Examples:
  $ pinecone-control indexes delete movies-test
  $ pinecone-control indexes delete movies-test movies-old --yes --wait
"""
)
@click.argument("names", shell_complete=INDEX_NAMES, metavar="NAME...", nargs=-1, required=True)
@yes_option
@dry_run_option
@wait_options("the indexes are gone", default=_TIMEOUT)
@with_client
def delete(
    client: ClientOptions,
    names: tuple[str, ...],
    *,
    yes: bool,
    dry_run: bool,
    wait: bool,
    timeout: float,
) -> None:
    """Delete indexes with all their vectors.

    The service deletes in the background. It refuses to delete an index with deletion protection;
    `indexes configure NAME --unprotect` turns the protection off.
    """
    with client.connect() as pc:
        if dry_run:
            for_each(pc, "would be deleted", names, lambda name: _check_deletable(pc, name))
            return
        confirm(f"Delete {', '.join(names)} with all vectors?", yes=yes)

        def delete_one(name: str) -> None:
            pc.delete_index(name)
            if wait:
                wait_for_index_deleted(pc, name, timeout)

        for_each(pc, "deleted", names, delete_one)


def _spec(
    *, cloud: str | None, region: str | None, environment: str | None, **pod: object
) -> dict[str, Any]:
    """Return the spec in the API's JSON form."""
    given = {name: value for name, value in pod.items() if value is not None}
    if cloud and region and not environment and not given:
        return {"serverless": {"cloud": cloud, "region": region}}
    if environment and not (cloud or region):
        return {"pod" if given else "byoc": {"environment": environment, **given}}
    raise click.UsageError(
        "give --cloud with --region, --environment with --pod-type, or --environment alone"
    )


def _check_deletable(pc: "Pinecone", name: str) -> None:
    if pc.describe_index(name).deletion_protection == "enabled":
        raise PineconeError(
            f"index {name} has deletion protection",
            hint=f"Turn it off: {PROGRAM} indexes configure {name} --unprotect",
        )
