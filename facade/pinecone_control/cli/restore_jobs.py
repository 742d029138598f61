"""`pinecone-control restore-jobs`: list, describe, wait, watch."""

import time
from typing import Final

import click

from pinecone_control.cli.columns import Column, Noun
from pinecone_control.cli.connection import Connection
from pinecone_control.cli.exits import PASSING
from pinecone_control.cli.listing import Selection, warn_of_unknown_states, write_listing
from pinecone_control.cli.live import changing
from pinecone_control.cli.options import (
    Seconds,
    timeout_option,
    with_connection,
    with_output,
    with_selection,
)
from pinecone_control.cli.output import Output
from pinecone_control.cli.waiting import last_seen, wait_for_jobs
from pinecone_control.errors import OperationFailedError, WaitTimeoutError

RESTORE_JOB: Final = Noun(
    one="restore job",
    many="restore jobs",
    columns=(
        Column("restore_job_id", "id", rank=0),
        Column("status", "status", "state", rank=1),
        Column("target_index_name", "target index", rank=2),
        Column("percent_complete", "done", "percent", rank=3),
        Column("created_at", "created", "moment", rank=4),
        Column("completed_at", "completed", "moment"),
        Column("backup_id", "backup"),
        Column("target_index_id", "target index id"),
    ),
    states=("Pending", "Completed", "Failed", "Cancelled"),
    index="target_index_name",
)


@click.group(name="restore-jobs")
def restore_jobs() -> None:
    """Restore jobs: indexes being made from backups."""


@restore_jobs.command(
    "list",
    epilog="""\b
Examples:
  $ pinecone-control restore-jobs list
  $ pinecone-control restore-jobs list --status Failed --since 7d
  $ pinecone-control restore-jobs wait $(pinecone-control restore-jobs list --status Pending -q)
  $ pinecone-control restore-jobs list -o jsonl | jq -r .target_index_name
""",
)
@with_selection(states=RESTORE_JOB.states, index_help="Only those that make this index.")
@with_output
@with_connection
def list_(connection: Connection, output: Output, selection: Selection) -> None:
    """List restore jobs.

    A table shows the first 100 and says whether there are more; -o json, jsonl, csv, yaml and -q
    give all. Pages are fetched as they are needed.

    The real service does not list jobs whose target index was deleted; describe shows them.
    """
    with connection.open() as pc:
        write_listing(lambda size: pc.list_restore_jobs(limit=size), RESTORE_JOB, selection, output)


@restore_jobs.command(
    epilog="""\b
Examples:
  $ pinecone-control restore-jobs describe 5a442e18-0c4a-4a11-9b4e-c2793de63706
  $ pinecone-control restore-jobs describe 5a442e18-0c4a-4a11-9b4e-c2793de63706 -o json
""",
)
@click.argument("job_id")
@with_output
@with_connection
def describe(connection: Connection, output: Output, job_id: str) -> None:
    """Show one restore job."""
    with connection.open() as pc:
        output.one(pc.describe_restore_job(job_id), RESTORE_JOB)


@restore_jobs.command(
    epilog="""\b
Examples:
  $ pinecone-control restore-jobs wait 5a442e18-0c4a-4a11-9b4e-c2793de63706 --timeout 2h
  $ pinecone-control restore-jobs wait $(pinecone-control restore-jobs list --status Pending -q)
""",
)
@click.argument("job_ids", metavar="[JOB_ID]...", nargs=-1)
@timeout_option(3600.0)
@with_output
@with_connection
def wait(connection: Connection, output: Output, job_ids: tuple[str, ...], timeout: float) -> None:
    """Wait until restore jobs have ended, and show them.

    A job may be unknown for a moment after it was begun: one that the service answers with 404 is
    tried for 30 seconds before that is an error. Without any id there is nothing to wait for.

    Exit code 0: all completed. 3: not in time. 4: one failed or was cancelled. 130: ctrl-C; the
    restore goes on at the server then.
    """
    job_ids = tuple(dict.fromkeys(job_ids))
    if not job_ids:
        output.nothing("nothing to wait for", RESTORE_JOB)
        return
    with connection.open() as pc:
        try:
            jobs = wait_for_jobs(pc, connection, job_ids, timeout)
        except (OperationFailedError, WaitTimeoutError) as error:
            output.listing(last_seen(error), RESTORE_JOB)
            raise
        output.listing(jobs, RESTORE_JOB)


@restore_jobs.command(
    epilog="""\b
Examples:
  $ pinecone-control restore-jobs watch
  $ pinecone-control restore-jobs watch --status Pending --interval 10s
"""
)
@click.option("--status", "states", multiple=True, metavar="STATUS", help="Only with this status.")
@click.option("--index", metavar="NAME", help="Only those that make this index.")
@click.option(
    "--interval",
    type=Seconds(),
    default="2s",
    metavar="TIME",
    help="Between two looks, 2s by default.",
)
@with_connection
def watch(
    connection: Connection, states: tuple[str, ...], index: str | None, interval: float
) -> None:
    """Show the newest 100 restore jobs as they change, until ctrl-C.

    A live table on a terminal; elsewhere a line for each change.
    """
    selection = Selection(states=states, index=index)
    warn_of_unknown_states(selection, RESTORE_JOB)
    with connection.open() as pc, changing(RESTORE_JOB) as shown:
        while True:
            try:
                page = pc.list_restore_jobs()
            except PASSING as error:
                shown.trouble(error.what)
            else:
                rows = [job.to_dict() for job in page.data]
                shown.show([row for row in rows if selection.fits(row, RESTORE_JOB)])
            time.sleep(interval)
