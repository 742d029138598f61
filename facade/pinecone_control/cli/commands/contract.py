"""`pinecone-control contract`: does a server keep to the contract?"""

import json
from pathlib import Path
from typing import Final

import click
from click.exceptions import Exit

from pinecone_control._extras import how_to_install
from pinecone_control.cli.client import ClientOptions
from pinecone_control.cli.commands import Verbs
from pinecone_control.cli.errors import REFUSED
from pinecone_control.cli.option_groups import with_client
from pinecone_control.cli.options import SECONDS, report_options
from pinecone_control.cli.output.terminal import say, styled, write, write_file
from pinecone_control.errors import PineconeValueError

_COLOURS: Final = {"conforms": "green", "deviates": "yellow", "breaks": "red", "skipped": "cyan"}


@click.group(
    cls=Verbs,
    epilog="\b\nExample:\n  $ pinecone-control contract check --host http://127.0.0.1:5080",
)
def contract() -> None:
    """Check whether a server conforms to the contract."""


@contract.command(
    epilog="""\b
Examples:
  $ pinecone-control contract check --host http://127.0.0.1:5080
  $ pinecone-control contract check --write --junit report.xml
  $ pinecone-control contract check --published -o json

\b
Exit codes: 0 the server conforms (known deviations are allowed), 1 it does not conform or cannot be
reached, 2 wrong usage.
"""
)
@with_client
@click.option(
    "--write",
    "writes",
    is_flag=True,
    help="Also create indexes and a backup, restore it, and delete all of these; their names begin "
    "with contract-check-.",
)
@click.option("--published", is_flag=True, help="Count known deviations as violations.")
@report_options("table")
@click.option(
    "--cloud",
    default="aws",
    metavar="NAME",
    help="Cloud of the index that --write creates; aws by default.",
)
@click.option(
    "--region",
    default="us-east-1",
    metavar="NAME",
    help="Region of that index; us-east-1 by default.",
)
@click.option(
    "--timeout",
    type=SECONDS,
    default="600s",
    metavar="TIME",
    help="Time limit for each wait of --write; 10m by default.",
)
def check(
    *,
    client: ClientOptions,
    writes: bool,
    published: bool,
    form: str,
    junit: Path | None,
    cloud: str,
    region: str,
    timeout: float,
) -> None:
    """Check the responses of a server against the contract.

    The command requests existing and missing resources. It only reads, unless you give --write.
    """
    try:
        from pinecone_control.contract.server_check.probes import run
        from pinecone_control.contract.server_check.server_under_test import ServerUnderTest
    except ImportError as error:
        raise PineconeValueError(
            f"the contract checks need more packages ({error.name})",
            hint=how_to_install("cli", "contract"),
        ) from error
    with (
        client.connect() as pc,
        ServerUnderTest.of(pc, known_deviations=not published) as service,
    ):
        run(service, write=writes, tell=say, cloud=cloud, region=region, patience=timeout)
        report = service.report
    if form == "json":
        write(json.dumps(report.to_dict(), indent=2))
    elif form == "junit":
        write(report.junit().rstrip("\n"))
    else:
        for line in report.lines():
            write(_painted(line))
    if junit is not None:
        write_file(junit, report.junit())
    if not report.is_conforming:
        raise Exit(REFUSED)


def _painted(line: str) -> str:
    words = line.split()
    colour = _COLOURS.get(words[-1]) if words and not line.startswith(" ") else None
    return styled(line, colour) if colour and words[-1] != "conforms" else line
