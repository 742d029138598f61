"""`pinecone-control backups`: list, describe, create, wait, restore, prune, delete."""

import time
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Final

import click
from click.exceptions import Exit

from pinecone_control.cli import moments
from pinecone_control.cli.backup_run import USUAL_CONCURRENCY, Run, Wanted, new_run_name
from pinecone_control.cli.columns import Column, Noun
from pinecone_control.cli.commands import PROGRAM
from pinecone_control.cli.confirm import confirm
from pinecone_control.cli.connection import Connection
from pinecone_control.cli.exits import REFUSED
from pinecone_control.cli.hints import hint_of, tell
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
from pinecone_control.cli.prune import superfluous
from pinecone_control.cli.restore_jobs import RESTORE_JOB
from pinecone_control.cli.screen import say
from pinecone_control.cli.waiting import (
    command_line,
    last_seen,
    wait_for_backups,
    wait_for_index,
    wait_for_jobs,
)
from pinecone_control.errors import CallError, ConflictError, NotFoundError, WaitError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pinecone_control import Backup, Pinecone, RestoreJob
    from pinecone_control.models import CreateIndexFromBackupResponse, DeletionProtection, Model

BACKUP: Final = Noun(
    one="backup",
    many="backups",
    columns=(
        Column("backup_id", "id", rank=0),
        Column("status", "status", "state", rank=1),
        Column("source_index_name", "index", rank=2),
        Column("name", "name", rank=4),
        Column("record_count", "records", "count", rank=6),
        Column("size_bytes", "size", "size", rank=5),
        Column("created_at", "created", "moment", rank=3),
        Column("description", "description"),
        Column("source_index_id", "source index id"),
        Column("cloud", "cloud"),
        Column("region", "region"),
        Column("dimension", "dimension", "number"),
        Column("metric", "metric"),
        Column("namespace_count", "namespaces", "count"),
        Column("tags", "tags"),
    ),
    states=("Initializing", "Ready", "InitializationFailed", "Failed"),
    index="source_index_name",
)
_TIMEOUT: Final = 3600.0


@click.group()
def backups() -> None:
    """Backups: copies of serverless indexes, to restore from."""


@backups.command(
    "list",
    epilog="""\b
Examples:
  $ pinecone-control backups list --index movies
  $ pinecone-control backups list --status Ready --since 30d --sort -size_bytes
  $ pinecone-control backups list -o csv > backups.csv
""",
)
@with_selection(states=BACKUP.states, index_help="Only those of this index.")
@with_output
@with_connection
def list_(connection: Connection, output: Output, selection: Selection) -> None:
    """List backups of all indexes, deleted ones included, or of one.

    A table shows the first 100 and says whether there are more; -o json, jsonl, csv, yaml and -q
    give all.
    """
    with connection.open() as pc:
        write_listing(lambda size: pc.list_backups(limit=size), BACKUP, selection, output)


@backups.command(
    epilog="""\b
Example:
  $ pinecone-control backups describe 4c526a54-cf23-41a1-afbf-a120ed6e2b10
"""
)
@click.argument("backup_id")
@with_output
@with_connection
def describe(connection: Connection, output: Output, backup_id: str) -> None:
    """Show one backup."""
    with connection.open() as pc:
        output.one(pc.describe_backup(backup_id), BACKUP)


@backups.command(
    epilog="""\b
Examples:
  $ pinecone-control backups create movies --wait
  $ pinecone-control backups create movies notes --name before-migration
  $ pinecone-control backups create --all-indexes --concurrency 8
  $ pinecone-control backups create --all-indexes --name nightly-$(date +%F) --resume --wait
"""
)
@click.argument("index_names", metavar="[INDEX]...", nargs=-1)
@click.option("--all-indexes", is_flag=True, help="Every index that can be backed up.")
@click.option(
    "--name", metavar="NAME", help="Name of the backups, the same for all; made up without it."
)
@click.option("--description", metavar="TEXT", help="A remark kept with each backup.")
@click.option(
    "--resume", is_flag=True, help="Go on with the backups of this --name: make what is missing."
)
@click.option(
    "--concurrency",
    type=click.IntRange(1, 64),
    default=USUAL_CONCURRENCY,
    metavar="N",
    help=f"Requests at a time, {USUAL_CONCURRENCY} by default.",
)
@wait_options("all backups are ready", default=_TIMEOUT)
@with_output
@with_connection
def create(
    connection: Connection,
    output: Output,
    index_names: tuple[str, ...],
    *,
    all_indexes: bool,
    name: str | None,
    description: str | None,
    resume: bool,
    concurrency: int,
    wait: bool,
    timeout: float,
) -> None:
    """Back up indexes: each gets exactly one backup of the given name.

    A backup is asked for once. If an answer is lost, the index's backups are looked at before it
    is asked for again; the name tells whether it was made. An interrupted run goes on with --name
    and --resume. --all-indexes leaves out what cannot be backed up: pod indexes (they have
    collections), and indexes that failed to be made or are being deleted.
    """
    if all_indexes == bool(index_names):
        raise click.UsageError("name the indexes, or give --all-indexes")
    if resume and name is None:
        raise click.UsageError("--resume goes on with the backups of a name: give --name too")
    wanted = Wanted(
        name=name or new_run_name(),
        description=description,
        is_made_up=name is None,
        resume=resume,
        concurrency=concurrency,
    )
    words = [*(["--all-indexes"] if all_indexes else index_names), *wanted.arguments()]
    if wait:
        words += ["--wait", "--timeout", f"{timeout:.12g}s"]
    again = command_line(connection, "backups", "create", *words)
    with connection.open() as pc:
        run = Run(pc, wanted)
        _make(run, index_names, again)
        made: Sequence[Model] = run.backups
        trouble: WaitError | None = None
        if wait:
            try:
                made = wait_for_backups(pc, again, run.backups, timeout)
            except WaitError as error:
                made, trouble = last_seen(error), error
        output.listing(made, BACKUP)
    _tell_outcome(run)
    if run.refused:
        if trouble is not None:
            tell(trouble.what)
        say(f"to try again:\n  {again}")
        raise Exit(REFUSED)
    if trouble is not None:
        raise trouble


@backups.command(
    epilog="\b\nExample:\n  $ pinecone-control backups wait 4c526a54-cf23-41a1-afbf-a120ed6e2b10"
)
@click.argument("backup_ids", metavar="[BACKUP_ID]...", nargs=-1)
@timeout_option(_TIMEOUT)
@with_output
@with_connection
def wait(
    connection: Connection, output: Output, backup_ids: tuple[str, ...], timeout: float
) -> None:
    """Wait until backups are ready, and show them.

    Without any id there is nothing to wait for.
    """
    if not backup_ids:
        output.nothing("nothing to wait for", BACKUP)
        return
    with connection.open() as pc:
        again = command_line(connection, "backups", "wait", *backup_ids)
        seen = [pc.describe_backup(backup_id) for backup_id in dict.fromkeys(backup_ids)]
        try:
            output.listing(wait_for_backups(pc, again, seen, timeout), BACKUP)
        except WaitError as error:
            output.listing(last_seen(error), BACKUP)
            raise


@backups.command(
    epilog="""\b
Examples:
  $ pinecone-control backups restore 4c526a54-cf23-41a1-afbf-a120ed6e2b10 --name movies-2 --wait
  $ pinecone-control backups restore 4c526a54-cf23-41a1-afbf-a120ed6e2b10 --name movies-2 \\
      --resume --wait
"""
)
@click.argument("backup_id")
@click.option("--name", required=True, metavar="INDEX", help="Name of the index to be made.")
@pairs_option("--tag", "A tag of the new index, instead of the backup's; repeatable.")
@protection_option("the new index")
@click.option(
    "--resume", is_flag=True, help="If this restore has begun already, go on with that one."
)
@wait_options("the new index is ready", default=_TIMEOUT)
@with_output
@with_connection
def restore(
    connection: Connection,
    output: Output,
    backup_id: str,
    *,
    name: str,
    tag: dict[str, str] | None,
    protection: "DeletionProtection | None",
    resume: bool,
    wait: bool,
    timeout: float,
) -> None:
    """Restore a backup into a new index.

    The restore is a job of the service: this command shows it, and with --wait its progress.
    """
    with connection.open() as pc:
        try:
            begun: CreateIndexFromBackupResponse | RestoreJob = pc.create_index_from_backup(
                backup_id, name=name, tags=tag, deletion_protection=protection
            )
        except CallError as error:
            if not error.outcome_unknown and not (resume and isinstance(error, ConflictError)):
                raise
            begun = _job_that_has_begun(pc, backup_id, name, error)
            say(f"this restore has begun already: job {begun.restore_job_id}")
        job_id = begun.restore_job_id
        again = command_line(connection, "restore-jobs", "wait", job_id)
        if not wait:
            output.one(begun, RESTORE_JOB)
            say(f"to wait for it:\n  {again}")
            return
        began = time.monotonic()
        (job,) = wait_for_jobs(pc, connection, [job_id], timeout)
        wait_for_index(pc, connection, name, max(1.0, timeout - (time.monotonic() - began)))
        output.one(job, RESTORE_JOB)


@backups.command(
    epilog="""\b
Examples:
  $ pinecone-control backups prune --keep 7 --dry-run
  $ pinecone-control backups prune --older-than 30d --index movies --yes
  $ pinecone-control backups prune --older-than 30d --keep 3 --yes
"""
)
@click.option(
    "--keep",
    type=click.IntRange(min=0),
    metavar="N",
    help="Keep the newest N of each index that are ready.",
)
@click.option("--older-than", metavar="TIME", help="Delete only older ones: 30d, 2025-05-15.")
@click.option("--index", "index_names", multiple=True, metavar="NAME", help="Only of this index.")
@click.option("--dry-run", is_flag=True, help="Show what would be deleted, and delete nothing.")
@yes_option
@with_output
@with_connection
def prune(
    connection: Connection,
    output: Output,
    *,
    keep: int | None,
    older_than: str | None,
    index_names: tuple[str, ...],
    dry_run: bool,
    yes: bool,
) -> None:
    """Delete backups that are not needed any more, after showing them.

    With --older-than alone, the newest ready backup of each index stays however old it is;
    --keep 0 lets it go too. Backups that are being made always stay.
    """
    if keep is None and older_than is None:
        raise click.UsageError("say which: --keep N, --older-than TIME, or both")
    now = datetime.now().astimezone()
    before = None if older_than is None else moments.moment(older_than, now=now)
    with connection.open() as pc:
        listing = _backups_of(pc, index_names)
        going = superfluous(listing, keep=1 if keep is None else keep, older_than=before)
        if not going:
            say(f"nothing to delete among {len(listing)} backups")
            return
        output.listing(going, BACKUP)
        if dry_run:
            say(f"{len(going)} of {len(listing)} backups would be deleted")
            return
        confirm(f"Delete these {len(going)} of {len(listing)} backups?", yes=yes)
        _delete(pc, [backup.backup_id for backup in going])


@backups.command(
    epilog="""\b
Examples:
  $ pinecone-control backups delete 4c526a54-cf23-41a1-afbf-a120ed6e2b10
  $ pinecone-control backups list --status InitializationFailed -q \\
      | xargs pinecone-control backups delete --yes
"""
)
@click.argument("backup_ids", metavar="BACKUP_ID...", nargs=-1, required=True)
@yes_option
@with_connection
def delete(connection: Connection, backup_ids: tuple[str, ...], *, yes: bool) -> None:
    """Delete backups. The service does it in the background."""
    with connection.open() as pc:
        confirm(f"Delete {len(backup_ids)} backups?", yes=yes)
        for_each("deleted", backup_ids, pc.delete_backup)


def _backups_of(pc: "Pinecone", index_names: "Sequence[str]") -> "list[Backup]":
    """Return the backups of these indexes, of all without any; a name of nothing is refused."""
    if not index_names:
        return list(pc.list_backups())
    listing = [each for each in pc.list_backups() if each.source_index_name in index_names]
    known = {backup.source_index_name for backup in listing}
    for name in index_names:
        # Backups outlive their index, so that either of the two makes the name a good one.
        if name not in known and not pc.has_index(name):
            tell(f"no such index or backups: {name}", f"See: {PROGRAM} backups list")
            raise Exit(REFUSED)
    return listing


def _make(run: Run, index_names: tuple[str, ...], again: str) -> None:
    """Make the backups of a run; several are worth a word on how to go on."""
    names = index_names or run.all_indexes()
    if len(names) > 1:
        say(f"backups named {run.wanted.name}; after an interruption, go on with:\n  {again}")
    try:
        run.make(names, everywhere=not index_names)
    except KeyboardInterrupt:
        say(f"{run.summary()}; to go on:\n  {again}")
        raise
    if len(names) == 1 and run.refused:
        raise run.refused[names[0]]


def _tell_outcome(run: Run) -> None:
    for name, reason in run.left_out.items():
        say(f"{name}: left out, {reason}")
    for name, error in run.refused.items():
        tell(f"{name}: {error.what}", hint_of(error))
    say(run.summary())


def _job_that_has_begun(
    pc: "Pinecone", backup_id: str, name: str, error: CallError
) -> "RestoreJob":
    """Return the newest restore job of this backup into this index, or raise what came before."""
    jobs = [
        job
        for job in pc.list_restore_jobs()
        if job.backup_id == backup_id and job.target_index_name == name
    ]
    if not jobs:
        raise error
    return max(jobs, key=lambda job: job.created_at)


def _delete(pc: "Pinecone", backup_ids: list[str]) -> None:
    def delete_one(backup_id: str) -> None:
        with suppress(NotFoundError):  # somebody else was faster
            pc.delete_backup(backup_id)

    for_each("deleted", backup_ids, delete_one)
