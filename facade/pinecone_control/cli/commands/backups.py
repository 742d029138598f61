"""`pinecone-control backups`: list, describe, create, wait, restore, prune, delete."""

import time
from typing import TYPE_CHECKING, Final

import click
from click.exceptions import Exit

from pinecone_control._core import request_bodies
from pinecone_control._core.backup_freshness import newest
from pinecone_control.cli.backup_batch import USUAL_CONCURRENCY, Batch, Wanted, new_name
from pinecone_control.cli.client import ClientOptions
from pinecone_control.cli.commands.check import check
from pinecone_control.cli.commands.deleting import confirm, for_each
from pinecone_control.cli.commands.prune import prune
from pinecone_control.cli.commands.rehearse import rehearse
from pinecone_control.cli.errors import tell, tell_error
from pinecone_control.cli.index_choice import IndexChoice
from pinecone_control.cli.listing import Selection, write_listing
from pinecone_control.cli.lookup import backup_id, backups_of_index
from pinecone_control.cli.options import (
    BACKUP_IDS,
    INDEX_NAMES,
    argument,
    concurrency_option,
    dry_run_option,
    pairs_option,
    protection_option,
    timeout_option,
    wait_options,
    was_given,
    with_client,
    with_index_choice,
    with_output,
    with_selection,
    yes_option,
)
from pinecone_control.cli.output.formats import Output
from pinecone_control.cli.output.resources import BACKUP, RESTORE_JOB
from pinecone_control.cli.output.terminal import say
from pinecone_control.cli.program import PROGRAM, REFUSED
from pinecone_control.cli.waiting import (
    command_line,
    last_seen,
    wait_for_backups,
    wait_for_index,
    wait_for_jobs,
)
from pinecone_control.errors import (
    CallError,
    ConflictError,
    NotFoundError,
    PineconeError,
    WaitError,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pinecone_control import Backup, Page, Pinecone, RestoreJob
    from pinecone_control.models import CreateIndexFromBackupResponse, DeletionProtection, Model

_TIMEOUT: Final = 3600.0


@click.group()
def backups() -> None:
    """Backups: copies of serverless indexes, to restore from."""


backups.add_command(check)
backups.add_command(prune)
backups.add_command(rehearse)


@backups.command(
    "list",
    epilog="""\b
Examples:
  $ pinecone-control backups list --index movies
  $ pinecone-control backups list --status Ready --since 30d --sort -size_bytes
  $ pinecone-control backups list -o csv > backups.csv
""",
)
@with_selection(BACKUP, index_help="Only those of this index.")
@with_output(BACKUP)
@with_client
def list_(client: ClientOptions, output: Output, selection: Selection) -> None:
    """List backups of all indexes, deleted ones included, or of one.

    A table shows the first 100 and says whether there are more; -o json, jsonl, csv, yaml and -q
    give all. On a terminal ids are shown by their first 8 characters, which all commands accept;
    -o wide shows them whole.
    """
    with client.connect() as pc:

        def of_all(limit: int) -> "Page[Backup]":
            return pc.list_backups(limit=limit)

        def of_index(limit: int) -> "Page[Backup]":
            return pc.list_backups(selection.index, limit=limit)

        try:
            write_listing(of_index if selection.index else of_all, BACKUP, selection, output)
        except NotFoundError:
            # Backups outlive their index.
            backups_of_index(pc, selection.index or "")
            write_listing(of_all, BACKUP, selection, output)


@backups.command(
    epilog="""\b
Examples:
  $ pinecone-control backups describe 4c526a54
  $ pinecone-control backups describe before-migration
"""
)
@argument("backup", BACKUP_IDS)
@with_output(BACKUP)
@with_client
def describe(client: ClientOptions, output: Output, backup: str) -> None:
    """Show one backup: by its id, the start of its id, or its name if no other has it."""
    with client.connect() as pc:
        output.one(pc.describe_backup(backup_id(pc, backup)), BACKUP)


@backups.command(
    epilog="""\b
Examples:
  $ pinecone-control backups create movies --wait
  $ pinecone-control backups create movies notes --name hold-before-migration
  $ pinecone-control backups create --all-indexes --exclude 'test-*' --concurrency 8
  $ pinecone-control backups create --all-indexes --name nightly-$(date +%F) --resume --wait
"""
)
@with_index_choice
@click.option(
    "--name",
    metavar="NAME",
    help="Name of the backups, the same for all; made up without it. Prune never deletes backups "
    "named hold-* or *-hold.",
)
@click.option("--description", metavar="TEXT", help="A remark kept with each backup.")
@click.option(
    "--resume", is_flag=True, help="Go on with the backups of this --name: make what is missing."
)
@concurrency_option(USUAL_CONCURRENCY)
@dry_run_option
@wait_options("all backups are ready", default=_TIMEOUT)
@with_output(BACKUP)
@with_client
def create(
    client: ClientOptions,
    output: Output,
    choice: IndexChoice,
    *,
    name: str | None,
    description: str | None,
    resume: bool,
    concurrency: int,
    dry_run: bool,
    wait: bool,
    timeout: float,
) -> None:
    """Back up indexes: each gets exactly one backup of the given name.

    A backup is asked for once. If an answer is lost, the index's backups are looked at before it
    is asked for again; the name tells whether it was made. An interrupted run goes on with --name
    and --resume. --all-indexes leaves out what cannot be backed up: pod indexes (they have
    collections), indexes that failed to be made or are being deleted, and copies of rehearsals.

    A backup of an earlier index of the same name does not count for --resume, as far as it can be
    told apart: by dimension, metric, place and the id of the source index.
    """
    if resume and name is None:
        raise click.UsageError("--resume goes on with the backups of a name: give --name too")
    wanted = Wanted(
        name=name or new_name(),
        description=description,
        is_made_up=name is None,
        resume=resume,
        concurrency=concurrency,
    )
    request_bodies.create_backup(name=wanted.name, backup_name=None, description=description)
    words = [*choice.arguments(), *wanted.arguments()]
    if wait:
        words += ["--wait", *(["--timeout", f"{timeout:.12g}s"] if was_given("timeout") else [])]
    again = command_line(client, "backups", "create", *words)
    with client.connect() as pc:
        chosen = choice.among(pc)
        batch = Batch(pc, wanted, chosen.indexes, chosen.left_out)
        missing = batch.find(everywhere=choice.all_indexes)
        if dry_run:
            _tell_outcome(batch)
            for index_name in missing:
                say(f"{index_name}: a backup named {wanted.name} would be made")
            return
        _make(batch, missing, again)
        made: Sequence[Model] = batch.backups
        trouble: WaitError | None = None
        if wait:
            try:
                made = wait_for_backups(pc, again, batch.backups, timeout)
            except WaitError as error:
                made, trouble = last_seen(error), error
        output.listing(made, BACKUP)
    _tell_outcome(batch)
    if batch.refused:
        if trouble is not None:
            tell(trouble.what)
        say(f"to try again:\n  {again}")
        raise Exit(REFUSED)
    if trouble is not None:
        raise trouble


@backups.command(epilog="\b\nExample:\n  $ pinecone-control backups wait 4c526a54")
@argument("backup_ids", BACKUP_IDS, metavar="[BACKUP]...", nargs=-1)
@timeout_option(_TIMEOUT)
@with_output(BACKUP)
@with_client
def wait(
    client: ClientOptions, output: Output, backup_ids: tuple[str, ...], timeout: float
) -> None:
    """Wait until backups are ready, and show them.

    Without any id there is nothing to wait for.
    """
    if not backup_ids:
        output.nothing("nothing to wait for", BACKUP)
        return
    with client.connect() as pc:
        ids = dict.fromkeys(backup_id(pc, given) for given in backup_ids)
        again = command_line(client, "backups", "wait", *ids)
        seen = [pc.describe_backup(each) for each in ids]
        try:
            output.listing(wait_for_backups(pc, again, seen, timeout), BACKUP)
        except WaitError as error:
            output.listing(last_seen(error), BACKUP)
            raise


@backups.command(
    epilog="""\b
Examples:
  $ pinecone-control backups restore 4c526a54 --name movies-2 --wait
  $ pinecone-control backups restore --latest movies --name movies-2 --wait
  $ pinecone-control backups restore 4c526a54 --name movies-2 --resume --wait
"""
)
@argument("backup", BACKUP_IDS, required=False)
@click.option(
    "--latest",
    metavar="INDEX",
    shell_complete=INDEX_NAMES,
    help="Restore the newest backup of this index that is ready.",
)
@click.option("--name", required=True, metavar="INDEX", help="Name of the index to be made.")
@pairs_option("--tag", "A tag of the new index, instead of the backup's; repeatable.")
@protection_option("the new index")
@click.option(
    "--resume", is_flag=True, help="If this restore has begun already, go on with that one."
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

    The restore is a job of the service: this command shows it, and with --wait its progress.
    """
    if (backup is None) == (latest is None):
        raise click.UsageError("name the backup, or give --latest INDEX")
    with client.connect() as pc:
        chosen = backup_id(pc, backup) if backup else _latest(pc, latest or "")
        if dry_run:
            _check_restorable(pc, chosen, name, tag, protection)
            return
        try:
            begun: CreateIndexFromBackupResponse | RestoreJob = pc.create_index_from_backup(
                chosen, name=name, tags=tag, deletion_protection=protection
            )
        except CallError as error:
            if not error.outcome_unknown and not (resume and isinstance(error, ConflictError)):
                raise
            begun = _job_that_has_begun(pc, chosen, name, error)
            say(f"this restore has begun already: job {begun.restore_job_id}")
        job_id = begun.restore_job_id
        again = command_line(client, "restore-jobs", "wait", job_id)
        if not wait:
            output.one(begun, RESTORE_JOB)
            say(f"to wait for it:\n  {again}")
            return
        began = time.monotonic()
        (job,) = wait_for_jobs(pc, client, [job_id], timeout)
        left = max(1.0, timeout - (time.monotonic() - began))
        wait_for_index(pc, client, name, left, known=job)
        output.one(job, RESTORE_JOB)


@backups.command(
    epilog="""\b
Examples:
  $ pinecone-control backups delete 4c526a54 --dry-run
  $ pinecone-control backups list --status InitializationFailed -q \\
      | xargs pinecone-control backups delete --yes
"""
)
@argument("backup_ids", BACKUP_IDS, metavar="BACKUP...", nargs=-1, required=True)
@yes_option
@dry_run_option
@with_client
def delete(client: ClientOptions, backup_ids: tuple[str, ...], *, yes: bool, dry_run: bool) -> None:
    """Delete backups, by their ids, starts of ids or names. The service does it in the background.

    The last backup of an index, and one that is held by its name, goes too: it was named.
    """
    with client.connect() as pc:
        ids = list(dict.fromkeys(backup_id(pc, given) for given in backup_ids))
        if dry_run:
            for_each(pc, "would be deleted", ids, pc.describe_backup)
            return
        names = ", ".join(ids) if len(ids) == 1 else f"{len(ids)} backups"
        confirm(f"Delete {names}?", yes=yes)
        for_each(pc, "deleted", ids, pc.delete_backup)


def _make(batch: Batch, missing: list[str], again: str) -> None:
    """Make the backups of a batch; several are worth a word on how to go on."""
    if len(batch.indexes) > 1:
        say(f"backups named {batch.wanted.name}; after an interruption, go on with:\n  {again}")
    try:
        batch.make(missing)
    except KeyboardInterrupt:
        say(f"{batch.summary()}; to go on:\n  {again}")
        raise
    if len(batch.indexes) == 1 and batch.refused:
        raise next(iter(batch.refused.values()))


def _tell_outcome(batch: Batch) -> None:
    for name, reason in batch.left_out.items():
        say(f"{name}: left out, {reason}")
    for name, error in batch.refused.items():
        tell_error(error, about=name)
    say(batch.summary())


def _latest(pc: "Pinecone", index_name: str) -> str:
    """Return the id of the newest ready backup of an index, which may be gone."""
    try:
        found = pc.latest_backup(index_name)
    except NotFoundError:
        found = newest(each for each in backups_of_index(pc, index_name) if each.is_ready)
    if found is None:
        raise PineconeError(
            f"index {index_name} has no backup that is ready",
            hint=f"See: {PROGRAM} backups list --index {index_name}",
        )
    say(f"the newest ready backup of {index_name}: {found.backup_id}")
    return found.backup_id


def _check_restorable(
    pc: "Pinecone",
    chosen: str,
    name: str,
    tags: dict[str, str] | None,
    protection: "DeletionProtection | None",
) -> None:
    """Say what a restore would do, or why it would be refused."""
    request_bodies.create_index_from_backup(name=name, tags=tags, deletion_protection=protection)
    backup = pc.describe_backup(chosen)
    if not backup.is_ready:
        raise PineconeError(f"backup {chosen} is not ready: {backup.status}")
    if pc.has_index(name):
        raise PineconeError(f"there is an index named {name!r} already")
    say(f"would be restored: {chosen}, a backup of {backup.source_index_name}, into {name}")


def _job_that_has_begun(pc: "Pinecone", chosen: str, name: str, error: CallError) -> "RestoreJob":
    """Return the newest restore job of this backup into this index, or raise what came before."""
    jobs = [
        job
        for job in pc.list_restore_jobs()
        if job.backup_id == chosen and job.target_index_name == name
    ]
    if not jobs:
        raise error
    return max(jobs, key=lambda job: job.created_at)
