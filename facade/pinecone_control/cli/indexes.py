"""`pinecone-control indexes`: list, describe, create, configure, wait, delete."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, cast

import click

from pinecone_control.cli.columns import Column, Noun, Row, value_at
from pinecone_control.cli.confirm import confirm
from pinecone_control.cli.connection import Connection
from pinecone_control.cli.listing import Selection, write_listing
from pinecone_control.cli.many import for_each
from pinecone_control.cli.options import (
    pairs_option,
    protection_option,
    timeout_option,
    wait_options,
    with_connection,
    with_output,
    with_selection,
    yes_option,
)
from pinecone_control.cli.output import Output
from pinecone_control.cli.waiting import wait_for_index, wait_for_index_deleted

if TYPE_CHECKING:
    from pinecone_control.models import Cloud, DeletionProtection, Metric, VectorType

_INDEX_TIMEOUT: Final = 600.0


def _kind(row: Row) -> object:
    spec = row.get("spec")
    return next(iter(spec), None) if isinstance(spec, Mapping) else None


def _place(row: Row) -> object:
    places = ("serverless.region", "pod.environment", "byoc.environment")
    return next((place for path in places if (place := value_at(row, f"spec.{path}"))), None)


INDEX: Final = Noun(
    one="index",
    many="indexes",
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
    state="status.state",
    states=(
        "Initializing",
        "InitializationFailed",
        "ScalingUp",
        "ScalingDown",
        "ScalingUpPodSize",
        "ScalingDownPodSize",
        "Terminating",
        "Ready",
        "Disabled",
    ),
)


@click.group()
def indexes() -> None:
    """Indexes: what holds the vectors."""


@indexes.command(
    "list",
    epilog="""\b
Examples:
  $ pinecone-control indexes list
  $ pinecone-control indexes list --status Ready -q
  $ pinecone-control indexes list --columns name,dimension,tags.team -o csv
""",
)
@with_selection(states=INDEX.states, dated=False)
@with_output
@with_connection
def list_(connection: Connection, output: Output, selection: Selection) -> None:
    """List indexes.

    Besides the fields of the JSON there are two columns: kind and region.
    """
    with connection.open() as pc:
        write_listing(lambda _: pc.list_indexes(), INDEX, selection, output)


@indexes.command(epilog="\b\nExample:\n  $ pinecone-control indexes describe movies")
@click.argument("name")
@with_output
@with_connection
def describe(connection: Connection, output: Output, name: str) -> None:
    """Show one index."""
    with connection.open() as pc:
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
@click.option("--cloud", metavar="CLOUD", help="Of a serverless index: aws, gcp or azure.")
@click.option("--region", metavar="REGION", help="Of a serverless index, such as us-east-1.")
@click.option("--environment", metavar="ENV", help="Of a pod index, or of one in your own cloud.")
@click.option("--pod-type", metavar="TYPE", help="Of a pod index, such as p1.x1.")
@click.option("--replicas", type=click.IntRange(min=1), metavar="N", help="Of a pod index.")
@click.option("--shards", type=click.IntRange(min=1), metavar="N", help="Of a pod index.")
@click.option("--source-collection", metavar="NAME", help="Fill a pod index from a collection.")
@click.option("--dimension", type=int, metavar="N", help="Of dense vectors, 1 to 20000.")
@click.option("--metric", metavar="METRIC", help="cosine, euclidean or dotproduct.")
@click.option("--vector-type", metavar="TYPE", help="dense or sparse.")
@click.option("--model", metavar="MODEL", help="Let this hosted model embed text.")
@pairs_option("--field-map", "Which field of a record the model embeds, such as text=chunk.")
@pairs_option("--tag", "A tag; repeatable.")
@protection_option("the index")
@wait_options("the index is ready", default=_INDEX_TIMEOUT)
@with_output
@with_connection
def create(
    connection: Connection,
    output: Output,
    name: str,
    *,
    cloud: str | None,
    region: str | None,
    environment: str | None,
    pod_type: str | None,
    replicas: int | None,
    shards: int | None,
    source_collection: str | None,
    dimension: int | None,
    metric: str | None,
    vector_type: str | None,
    model: str | None,
    field_map: dict[str, str] | None,
    tag: dict[str, str] | None,
    protection: "DeletionProtection | None",
    wait: bool,
    timeout: float,
) -> None:
    """Create an index: serverless, of pods, or in your own cloud.

    --cloud and --region make it serverless, --environment with --pod-type one of pods,
    --environment alone one in your own cloud. What is not given is left to the service.
    """
    pod = {
        "pod_type": pod_type,
        "replicas": replicas,
        "shards": shards,
        "source_collection": source_collection,
    }
    spec = _spec(cloud, region, environment, pod)
    with connection.open() as pc:
        if model is None:
            index = pc.create_index(
                name,
                spec=spec,
                dimension=dimension,
                metric=cast("Metric | None", metric),
                vector_type=cast("VectorType | None", vector_type),
                deletion_protection=protection,
                tags=tag,
            )
        else:
            embed = {"model": model, "field_map": field_map or {}}
            wanted = {"metric": metric, "dimension": dimension}
            index = pc.create_index_for_model(
                name,
                cloud=cast("Cloud", cloud),
                region=region or "",
                embed={**embed, **{key: value for key, value in wanted.items() if value}},
                deletion_protection=protection,
                tags=tag,
            )
        if wait:
            index = wait_for_index(pc, connection, name, timeout)
        output.one(index, INDEX)


@indexes.command(
    epilog="""\b
Examples:
  $ pinecone-control indexes configure movies --protect --tag team=search
  $ pinecone-control indexes configure movies --tag team=
  $ pinecone-control indexes configure old --replicas 2 --wait
"""
)
@click.argument("name")
@click.option("--replicas", type=click.IntRange(min=1), metavar="N", help="Of a pod index.")
@click.option("--pod-type", metavar="TYPE", help="Of a pod index, such as p1.x2.")
@pairs_option("--tag", "Set a tag; with an empty value, remove it; repeatable.")
@protection_option("the index")
@wait_options("the index is ready", default=_INDEX_TIMEOUT)
@with_output
@with_connection
def configure(
    connection: Connection,
    output: Output,
    name: str,
    *,
    replicas: int | None,
    pod_type: str | None,
    tag: dict[str, str] | None,
    protection: "DeletionProtection | None",
    wait: bool,
    timeout: float,
) -> None:
    """Change an index: what is given changes, the rest stays."""
    with connection.open() as pc:
        index = pc.configure_index(
            name,
            replicas=replicas,
            pod_type=pod_type,
            tags=tag,
            deletion_protection=protection,
        )
        if wait:
            index = wait_for_index(pc, connection, name, timeout)
        output.one(index, INDEX)


@indexes.command(epilog="\b\nExample:\n  $ pinecone-control indexes wait movies --timeout 5m")
@click.argument("name")
@timeout_option(_INDEX_TIMEOUT)
@with_output
@with_connection
def wait(connection: Connection, output: Output, name: str, timeout: float) -> None:
    """Wait until an index is ready, and show it."""
    with connection.open() as pc:
        output.one(wait_for_index(pc, connection, name, timeout), INDEX)


@indexes.command(
    epilog="""\b
Examples:
  $ pinecone-control indexes delete movies-test
  $ pinecone-control indexes delete movies-test movies-old --yes --wait
"""
)
@click.argument("names", metavar="NAME...", nargs=-1, required=True)
@yes_option
@wait_options("the indexes are gone", default=_INDEX_TIMEOUT)
@with_connection
def delete(
    connection: Connection, names: tuple[str, ...], *, yes: bool, wait: bool, timeout: float
) -> None:
    """Delete indexes with all their vectors. The service does it in the background.

    Protected indexes are refused: indexes configure NAME --unprotect allows it.
    """
    with connection.open() as pc:
        confirm(f"Delete {', '.join(names)} with all vectors?", yes=yes)

        def delete_one(name: str) -> None:
            pc.delete_index(name)
            if wait:
                wait_for_index_deleted(pc, name, timeout)

        for_each("deleted", names, delete_one)


def _spec(
    cloud: str | None, region: str | None, environment: str | None, pod: Mapping[str, object]
) -> dict[str, object]:
    """Return the spec in the wire's form."""
    given = {name: value for name, value in pod.items() if value is not None}
    if cloud and region and not environment and not given:
        return {"serverless": {"cloud": cloud, "region": region}}
    if environment and not (cloud or region):
        place: dict[str, object] = {"environment": environment, **given}
        return {"pod": place} if given else {"byoc": place}
    raise click.UsageError(
        "say where: --cloud with --region, --environment with --pod-type, or --environment alone"
    )
