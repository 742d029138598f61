"""`pinecone-control backups restore`: restore a backup into a new index."""

import time
from typing import TYPE_CHECKING, Final

import click

from pinecone_control._core import request_bodies
from pinecone_control._core.backup_freshness import newest
from pinecone_control.cli.client import ClientOptions
from pinecone_control.cli.completion import BACKUP_IDS, INDEX_NAMES
from pinecone_control.cli.errors import PROGRAM
from pinecone_control.cli.name_resolution import backup_id, backups_of_index, refuse_existing_index
from pinecone_control.cli.option_groups import with_client, with_output
from pinecone_control.cli.options import (
    dry_run_option,
    pairs_option,
    protection_option,
    wait_options,
)
from pinecone_control.cli.output.columns import RESTORE_JOB
from pinecone_control.cli.output.formats import Output
from pinecone_control.cli.output.terminal import say
from pinecone_control.cli.waiting import (
    command_line,
    hint_if_request_interrupted,
    this_command,
    wait_for_index,
    wait_for_jobs,
)
from pinecone_control.errors import CallError, ConflictError, NotFoundError, PineconeError

if TYPE_CHECKING:
    from pinecone_control import Pinecone, RestoreJob
    from pinecone_control.models import CreateIndexFromBackupResponse, DeletionProtection

_TIMEOUT: Final = 3600.0


@click.command(
    epilog="""\b
Examples:
  $ pinecone-control backups restore 4c526a54 --name movies-2 --wait
  $ pinecone-control backups restore --latest movies --name movies-2 --wait
  $ pinecone-control backups restore 4c526a54 --name movies-2 --resume --wait
"""
)
@click.argument("backup", shell_complete=BACKUP_IDS, required=False)
@click.option(
    "--latest",
    metavar="INDEX",
    shell_complete=INDEX_NAMES,
    help="Restore the newest ready backup of this index.",
)
@click.option("--name", required=True, metavar="INDEX", help="Name of the new index.")
@pairs_option("--tag", "Tag of the new index, in place of the backup's tags; repeatable.")
@protection_option
@click.option(
    "--resume", is_flag=True, help="If this restore has already started, continue with it."
)
@dry_run_option
@wait_options("the new index is ready", default=_TIMEOUT)
@with_output(RESTORE_JOB)
@with_client
def restore(
    client: ClientOptions,
    output: Output,
    backup: str | None,
    *,
    latest: str | None,
    name: str,
    tag: dict[str, str] | None,
    protection: "DeletionProtection | None",
    resume: bool,
    dry_run: bool,
    wait: bool,
    timeout: float,
) -> None:
    """Restore a backup into a new index.

    The service restores in the background. This command shows the restore job; with --wait it shows
    the progress until the index is ready.
    """
    if (backup is None) == (latest is None):
        raise click.UsageError("name a backup or give --latest INDEX, but not both")
    with client.connect() as pc:
        chosen = backup_id(pc, backup) if backup else _latest(pc, latest or "")
        if dry_run:
            _check_restorable(pc, chosen, name, tag, protection)
            return
        try:
            with hint_if_request_interrupted(this_command(*([] if resume else ["--resume"]))):
                begun: CreateIndexFromBackupResponse | RestoreJob = pc.create_index_from_backup(
                    chosen, name=name, tags=tag, deletion_protection=protection
                )
        except CallError as error:
            is_taken = isinstance(error, ConflictError)
            if is_taken and not resume:
                error.hint = (
                    "Choose another --name. If this restore has already started, add --resume to "
                    "continue with it."
                )
            if not error.outcome_unknown and not (is_taken and resume):
                raise
            begun = _job_that_has_begun(pc, chosen, name, error)
            say(f"this restore has already started: job {begun.restore_job_id}")
        job_id = begun.restore_job_id
        again = command_line(client, "restore-jobs", "wait", job_id)
        if not wait:
            say(f"to wait for this restore:\n  {again}")
            output.one(begun, RESTORE_JOB)
            return
        began = time.monotonic()
        (job,) = wait_for_jobs(pc, client, [job_id], timeout)
        left = max(1.0, timeout - (time.monotonic() - began))
        wait_for_index(pc, client, name, left, known=job)
        output.one(job, RESTORE_JOB)


def _latest(pc: "Pinecone", index_name: str) -> str:
    """Return the id of the newest ready backup of an index, which may have been deleted."""
    try:
        found = pc.latest_backup(index_name)
    except NotFoundError:
        found = newest(each for each in backups_of_index(pc, index_name) if each.is_ready)
    if found is None:
        raise PineconeError(
            f"index {index_name} has no ready backup",
            hint=f"See: {PROGRAM} backups list --index {index_name}",
        )
    say(f"newest ready backup of {index_name}: {found.backup_id}")
    return found.backup_id


def _check_restorable(
    pc: "Pinecone",
    chosen: str,
    name: str,
    tags: dict[str, str] | None,
    protection: "DeletionProtection | None",
) -> None:
    """Write what a restore would do, or raise the error with which it would fail."""
    request_bodies.create_index_from_backup(name=name, tags=tags, deletion_protection=protection)
    backup = pc.describe_backup(chosen)
    if not backup.is_ready:
        raise PineconeError(
            f"backup {chosen} is not ready: {backup.status}",
            hint=f"See: {PROGRAM} backups list --index {backup.source_index_name}",
        )
    refuse_existing_index(pc, name)
    say(f"backup {chosen} of {backup.source_index_name} would be restored into {name}")


def _job_that_has_begun(pc: "Pinecone", chosen: str, name: str, error: CallError) -> "RestoreJob":
    """Return the newest restore job of this backup into this index; without one, raise `error`."""
    jobs = [
        job
        for job in pc.list_restore_jobs()
        if job.backup_id == chosen and job.target_index_name == name
    ]
    if not jobs:
        raise error
    return max(jobs, key=lambda job: job.created_at)
