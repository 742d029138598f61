"""`pinecone-control backups rehearse`: can the backups be restored?"""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
from click.exceptions import Exit

from pinecone_control._core.backup_freshness import backups_of, newest
from pinecone_control._core.identity import expect_backups_of, expect_resource
from pinecone_control.cli.client import ClientOptions
from pinecone_control.cli.commands.deleting import can_ask, confirm
from pinecone_control.cli.completion import BACKUP_IDS
from pinecone_control.cli.errors import FAILED, PROGRAM
from pinecone_control.cli.name_resolution import IndexChoice, backup_id
from pinecone_control.cli.option_groups import with_client, with_index_choice
from pinecone_control.cli.options import (
    concurrency_option,
    dry_run_option,
    report_options,
    timeout_option,
    yes_option,
)
from pinecone_control.cli.output.columns import plain
from pinecone_control.cli.output.terminal import say, styled, write, write_file
from pinecone_control.cli.rehearsal import (
    Rehearsal,
    Rehearsed,
    as_json,
    as_junit,
    leftovers,
    remove,
    tell_copy,
)
from pinecone_control.cli.rehearsal_copies import copy_name
from pinecone_control.errors import PineconeValueError

if TYPE_CHECKING:
    from pinecone_control import Backup, Pinecone

_TIMEOUT: Final = 3600.0
_CONCURRENCY: Final = 2


@click.command(
    epilog="""\b
Examples:
  $ pinecone-control backups rehearse movies
  $ pinecone-control backups rehearse movies --backup 4c526a54
  $ pinecone-control backups rehearse --all-indexes --without-restored --junit rehearsal.xml

\b
Exit codes: 0 all backups could be restored, 1 the service refused the request, 2 wrong usage,
4 a backup could not be restored, 130 interrupted, 143 ended by SIGTERM.
"""
)
@with_index_choice
@click.option(
    "--backup",
    metavar="BACKUP",
    shell_complete=BACKUP_IDS,
    help="Restore this backup of the named index instead of the newest one.",
)
@concurrency_option(_CONCURRENCY, "Concurrent restores")
@timeout_option(_TIMEOUT)
@report_options("one line per index")
@click.option(
    "--remove-leftovers",
    is_flag=True,
    help="First delete the copies left behind by rehearsals that were killed.",
)
@dry_run_option
@yes_option
@with_client
def rehearse(
    client: ClientOptions,
    choice: IndexChoice,
    *,
    backup: str | None,
    concurrency: int,
    timeout: float,
    form: str,
    junit: Path | None,
    remove_leftovers: bool,
    dry_run: bool,
    yes: bool,
) -> None:
    """Restore backups into temporary copies to test that this works.

    The newest ready backup of each index is restored under a temporary name. The dimension, metric,
    tags, cloud and region of the copy are compared with the backup. What the service does not
    report, such as the record count, is listed as not compared. Then the copy is deleted, even
    after a failure or ctrl-C. Each copy costs money while it exists; --concurrency limits how many
    copies exist at once.
    """
    if backup is not None and len(choice.index_names) != 1:
        raise click.UsageError("--backup needs the name of exactly one index")
    with client.connect() as pc:
        _deal_with_leftovers(pc, wanted=remove_leftovers or yes, dry_run=dry_run)
        chosen = choice.some(pc)
        backups = {
            name: newest(
                each
                for each in backups_of(index, expect_backups_of(name, pc.list_backups(name)))
                if each.is_ready
            )
            for name, index in chosen.indexes.items()
        }
        if backup is not None:
            backups = {choice.index_names[0]: _backup_of(pc, backup, choice.index_names[0])}
        for name, reason in chosen.left_out.items():
            say(f"{name}: left out, {reason}")
        rehearsals = [Rehearsed(name, each, copy_name(name)) for name, each in backups.items()]
        if dry_run:
            _write_plan(rehearsals)
            return
        Rehearsal(pc, timeout, concurrency).run(rehearsals)
    if form == "table":
        for each in rehearsals:
            write(_line(each))
    else:
        write(as_json(rehearsals) if form == "json" else as_junit(rehearsals))
    failed = sum(not each.succeeded for each in rehearsals)
    say(f"{len(rehearsals)} rehearsed: {len(rehearsals) - failed} passed, {failed} failed")
    if junit is not None:
        write_file(junit, as_junit(rehearsals))
    if failed:
        raise Exit(FAILED)


def _backup_of(pc: "Pinecone", given: str, index_name: str) -> "Backup":
    wanted = backup_id(pc, given)
    found = expect_resource(wanted, pc.describe_backup(wanted), "backup_id")
    if found.source_index_name != index_name:
        raise PineconeValueError(
            f"backup {found.backup_id} belongs to {found.source_index_name}, not to {index_name}"
        )
    return found


def _deal_with_leftovers(pc: "Pinecone", *, wanted: bool, dry_run: bool) -> None:
    """Delete the copies that earlier rehearsals left behind, or write how to delete them."""
    surely, perhaps = leftovers(pc)
    for index in perhaps:
        say(f"{index.name} is the copy of a rehearsal that may still be running")
    if not surely:
        return
    names = [index.name for index in surely]
    say(f"left behind by an earlier rehearsal: {', '.join(names)}")
    if dry_run or not (wanted or can_ask()):
        say(
            "to delete: give --remove-leftovers, or run\n"
            f"  {PROGRAM} indexes delete {' '.join(names)}"
        )
        return
    confirm(f"Delete {', '.join(names)}?", yes=wanted)
    for name in names:
        if remove(pc, name):
            say(f"{name}: deleted")
        else:
            tell_copy(name)


def _write_plan(rehearsals: list[Rehearsed]) -> None:
    """Write what would be restored.

    Raises:
        Exit: an index has no ready backup, so the rehearsal would fail.
    """
    for each in rehearsals:
        plan = "no ready backup"
        if each.backup is not None:
            plan = f"{each.backup.backup_id} would be restored into {each.copy_name}"
        write(f"{each.index_name}: {plan}")
    if any(each.backup is None for each in rehearsals):
        raise Exit(FAILED)


def _line(each: Rehearsed) -> str:
    verdict = styled("passed", "green") if each.succeeded else styled("failed", "red")
    which = f" {each.backup.backup_id}" if each.backup else ""
    problems = f": {plain('; '.join(each.problems))}" if each.problems else ""
    steps = ", ".join(f"{step} {taken:.1f} s" for step, taken in each.seconds.items())
    rest = f"; not compared: {', '.join(each.not_compared)}" if each.not_compared else ""
    return f"{each.index_name}  {verdict}{which}{problems}{f' ({steps}{rest})' if steps else ''}"
