"""`pinecone-control backups rehearse`: can the backups be restored?"""

import json
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
from click.exceptions import Exit

from pinecone_control._core.backup_freshness import backups_of, newest
from pinecone_control.cli.client import ClientOptions
from pinecone_control.cli.commands.deleting import confirm
from pinecone_control.cli.errors import tell
from pinecone_control.cli.index_choice import IndexChoice
from pinecone_control.cli.lookup import backup_id
from pinecone_control.cli.options import (
    BACKUP_IDS,
    concurrency_option,
    dry_run_option,
    timeout_option,
    with_client,
    with_index_choice,
    yes_option,
)
from pinecone_control.cli.output.columns import plain
from pinecone_control.cli.output.terminal import is_terminal, say, styled, write
from pinecone_control.cli.program import FAILED, PROGRAM
from pinecone_control.cli.rehearsal import Rehearsal, Rehearsed, junit, leftovers, planned, remove
from pinecone_control.errors import PineconeError, PineconeValueError

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
Exit codes: 0 all could be restored, 1 the service refused, 2 wrong usage, 4 one could not be
restored, 130 interrupted.
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
@click.option(
    "-o",
    "--output",
    "form",
    type=click.Choice(["table", "json", "junit"]),
    default="table",
    help="Report format; one line per index by default.",
)
@click.option(
    "--junit",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Also write a JUnit report to this file.",
)
@click.option(
    "--remove-leftovers",
    is_flag=True,
    help="First delete the copies that killed rehearsals left behind.",
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
    """Restore the newest ready backup of each index under a temporary name, and compare it.

    The copy's dimension, metric, tags, cloud and region are compared with the backup, and so is its
    record count if the service reports one. Then the copy is deleted, even after a failure or
    ctrl-C. An index costs money while it exists; --concurrency limits how many exist at once.
    """
    if backup is not None and len(choice.index_names) != 1:
        raise click.UsageError("--backup needs the name of exactly one index")
    with client.connect() as pc:
        _deal_with_leftovers(pc, timeout, wanted=remove_leftovers or yes, dry_run=dry_run)
        chosen = choice.some(pc)
        backups = {
            name: newest(each for each in backups_of(index, pc.list_backups(name)) if each.is_ready)
            for name, index in chosen.indexes.items()
        }
        if backup is not None:
            backups = {choice.index_names[0]: _backup_of(pc, backup, choice.index_names[0])}
        for name, reason in chosen.left_out.items():
            say(f"{name}: left out, {reason}")
        rehearsals = planned(backups)
        if dry_run:
            for each in rehearsals:
                write(_plan(each))
            return
        try:
            Rehearsal(pc, timeout, concurrency).run(rehearsals)
        finally:
            _tell_left_behind(rehearsals)
    _write(rehearsals, form, junit)
    failed = sum(not each.succeeded for each in rehearsals)
    say(f"{len(rehearsals)} rehearsed: {len(rehearsals) - failed} passed, {failed} failed")
    if failed:
        raise Exit(FAILED)


def _backup_of(pc: "Pinecone", given: str, index_name: str) -> "Backup":
    found = pc.describe_backup(backup_id(pc, given))
    if found.source_index_name != index_name:
        raise PineconeValueError(
            f"backup {found.backup_id} belongs to {found.source_index_name}, not to {index_name}"
        )
    return found


def _deal_with_leftovers(pc: "Pinecone", timeout: float, *, wanted: bool, dry_run: bool) -> None:
    """Remove the copies that a killed rehearsal left behind, if that is wanted; else name them."""
    surely, perhaps = leftovers(pc, older_than=timedelta(seconds=timeout))
    for index in perhaps:
        say(f"{index.name} is the copy of a rehearsal that may still be running")
    if not surely:
        return
    names = ", ".join(index.name for index in surely)
    say(f"left behind by an earlier rehearsal: {names}")
    command = f"{PROGRAM} indexes delete {' '.join(index.name for index in surely)}"
    if dry_run or not (wanted or _somebody_is_there()):
        say(f"to delete: give --remove-leftovers, or run\n  {command}")
        return
    confirm(f"Delete {names}?", yes=wanted)
    for index in surely:
        if remove(pc, index.name):
            say(f"{index.name}: deleted")
        else:
            tell(
                f"{index.name} could not be deleted",
                f"Delete it: {PROGRAM} indexes delete {index.name}",
            )


def _somebody_is_there() -> bool:
    import sys

    return is_terminal(sys.stdin) and is_terminal(sys.stderr)


def _plan(each: Rehearsed) -> str:
    if each.backup is None:
        return f"{each.index_name}: no ready backup"
    return f"{each.index_name}: {each.backup.backup_id} would be restored into {each.copy_name}"


def _tell_left_behind(rehearsals: list[Rehearsed]) -> None:
    for each in rehearsals:
        if each.left_behind:
            tell(
                f"the copy {each.copy_name} could not be deleted",
                f"Delete it: {PROGRAM} indexes delete {each.copy_name} "
                f"(if it is protected, first: {PROGRAM} indexes configure {each.copy_name} "
                "--unprotect)",
            )


def _write(rehearsals: list[Rehearsed], form: str, report: Path | None) -> None:
    if report is not None:
        try:
            report.write_text(junit(rehearsals), encoding="utf-8")
        except OSError as error:
            raise PineconeError(f"cannot write {report}: {error.strerror}") from error
    if form == "json":
        write(json.dumps([each.to_dict() for each in rehearsals], indent=2))
    elif form == "junit":
        write(junit(rehearsals))
    else:
        for each in rehearsals:
            write(_line(each))


def _line(each: Rehearsed) -> str:
    verdict = styled("passed", "green") if each.succeeded else styled("failed", "red")
    steps = ", ".join(f"{step} {taken:.1f} s" for step, taken in each.seconds.items())
    which = f" {each.backup.backup_id}" if each.backup else ""
    problems = f": {plain('; '.join(each.problems))}" if each.problems else ""
    return f"{each.index_name}  {verdict}{which}{problems}{f' ({steps})' if steps else ''}"
