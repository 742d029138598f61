"""`pinecone-control restore-jobs`: list, describe, wait, watch."""

import click
from attrs import evolve

from pinecone_control.cli.client import ClientOptions
from pinecone_control.cli.commands import Verbs
from pinecone_control.cli.completion import RESTORE_JOB_IDS
from pinecone_control.cli.listing import Selection, write_listing
from pinecone_control.cli.name_resolution import no_such_index, restore_job_id
from pinecone_control.cli.option_groups import with_client, with_output, with_selection
from pinecone_control.cli.options import timeout_option
from pinecone_control.cli.output.columns import RESTORE_JOB
from pinecone_control.cli.output.formats import Output
from pinecone_control.cli.waiting import wait_for_jobs, write_waited_for


@click.group(
    "restore-jobs",
    cls=Verbs,
    epilog="""\b
Examples:
  $ pinecone-control restore-jobs list --status Failed
  $ pinecone-control restore-jobs watch
""",
)
def restore_jobs() -> None:
    """List restore jobs, and wait for them."""


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
@with_selection(RESTORE_JOB, index_help="Show only restores into this index.")
@with_output(RESTORE_JOB)
@with_client
def list_(client: ClientOptions, output: Output, selection: Selection) -> None:
    """List restore jobs.

    A table shows the first 100 jobs and says whether there are more; -o json, jsonl, csv, yaml and
    -q show all of them.

    The service does not list jobs whose target index was deleted; `describe` shows them.
    """
    _list(client, output, selection)


@restore_jobs.command(
    epilog="""\b
Examples:
  $ pinecone-control restore-jobs describe 5a442e18-0c4a-4a11-9b4e-c2793de63706
  $ pinecone-control restore-jobs describe 5a442e18-0c4a-4a11-9b4e-c2793de63706 -o json
""",
)
@click.argument("job_id", shell_complete=RESTORE_JOB_IDS)
@with_output(RESTORE_JOB)
@with_client
def describe(client: ClientOptions, output: Output, job_id: str) -> None:
    """Show one restore job."""
    with client.connect() as pc:
        output.one(pc.describe_restore_job(restore_job_id(pc, job_id)), RESTORE_JOB)


@restore_jobs.command(
    epilog="""\b
Examples:
  $ pinecone-control restore-jobs wait 5a442e18-0c4a-4a11-9b4e-c2793de63706 --timeout 2h
  $ pinecone-control restore-jobs wait $(pinecone-control restore-jobs list --status Pending -q)

\b
Exit codes: 0 all jobs completed, 1 the service refused the request, 2 wrong usage, 3 the timeout
was reached, 4 a job failed or was cancelled, 130 interrupted. After 3 and 130 the restore continues
on the server.
""",
)
@click.argument("job_ids", shell_complete=RESTORE_JOB_IDS, metavar="[JOB_ID]...", nargs=-1)
@timeout_option(3600.0)
@with_output(RESTORE_JOB)
@with_client
def wait(client: ClientOptions, output: Output, job_ids: tuple[str, ...], timeout: float) -> None:
    """Wait until restore jobs have ended, and show them.

    The service may answer 404 for a job that has just started, so a 404 is an error only after 30
    seconds. Without any id, the command exits with 0 at once.
    """
    if not job_ids:
        output.nothing("nothing to wait for", RESTORE_JOB)
        return
    with client.connect() as pc:
        ids = list(dict.fromkeys(restore_job_id(pc, given) for given in job_ids))
        write_waited_for(output, RESTORE_JOB, lambda: wait_for_jobs(pc, client, ids, timeout))


@restore_jobs.command(
    epilog="""\b
Examples:
  $ pinecone-control restore-jobs watch
  $ pinecone-control restore-jobs watch --status Pending --interval 10s
"""
)
@with_selection(RESTORE_JOB, index_help="Show only restores into this index.")
@with_output(RESTORE_JOB)
@with_client
def watch(client: ClientOptions, output: Output, selection: Selection) -> None:
    """Show restore jobs as they change, until q or ctrl-C.

    On a terminal, the command shows a live table of the newest 100 jobs; elsewhere it prints a line
    for each change.
    `list --watch` does the same.
    """
    _list(client, output, evolve(selection, watch=True))


def _list(client: ClientOptions, output: Output, selection: Selection) -> None:
    """List or watch restore jobs. An index without restore jobs must exist."""
    with client.connect() as pc:
        if selection.index and not pc.has_index(selection.index):
            targets = {job.target_index_name for job in pc.list_restore_jobs()}
            if selection.index not in targets:
                raise no_such_index(pc, selection.index, also=targets)
        write_listing(pc.list_restore_jobs, RESTORE_JOB, selection, output)
