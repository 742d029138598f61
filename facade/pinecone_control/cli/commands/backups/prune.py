"""`pinecone-control backups prune`: delete what no rule keeps."""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import click
from attrs import evolve

from pinecone_control.cli.client import ClientOptions
from pinecone_control.cli.commands.deleting import confirm, for_each
from pinecone_control.cli.name_resolution import backups_of_index
from pinecone_control.cli.option_groups import with_client, with_output
from pinecone_control.cli.options import (
    CUT_OFF,
    FILLED,
    KEPT_DURATION,
    dry_run_option,
    index_option,
    tag_filter_option,
    whole_number,
    yes_option,
)
from pinecone_control.cli.output.columns import BACKUP, Column
from pinecone_control.cli.output.formats import Output
from pinecone_control.cli.output.terminal import say
from pinecone_control.cli.retention import Rules, Verdict, verdicts
from pinecone_control.cli.server_clock import ServerClock
from pinecone_control.cli.times import stamp
from pinecone_control.errors import NotFoundError, PineconeError

if TYPE_CHECKING:
    from collections.abc import Callable

    from pinecone_control import Backup, Pinecone

_COUNT: Final = whole_number(0)
_ACTION: Final = Column("action", "action", "action", rank=1)
_REASON: Final = Column("reason", "reason", rank=3)
"""Columns of the table alone."""


def _kept_of(periods: str) -> str:
    return f"Keep the newest backup of each of the last N {periods} that have one."


@click.command(
    epilog="""\b
Examples:
  $ pinecone-control backups prune --name 'nightly-*' --keep-last 7 --dry-run
  $ pinecone-control backups prune --keep-daily 7 --keep-weekly 4 --keep-monthly 12 --yes
  $ pinecone-control backups prune --older-than 30d --index movies --yes
"""
)
@click.option(
    "--keep-last", "--keep", "last", type=_COUNT, metavar="N", help="Keep the newest N backups."
)
@click.option("--keep-hourly", "hourly", type=_COUNT, metavar="N", help=_kept_of("hours"))
@click.option("--keep-daily", "daily", type=_COUNT, metavar="N", help=_kept_of("days"))
@click.option("--keep-weekly", "weekly", type=_COUNT, metavar="N", help=_kept_of("weeks"))
@click.option("--keep-monthly", "monthly", type=_COUNT, metavar="N", help=_kept_of("months"))
@click.option("--keep-yearly", "yearly", type=_COUNT, metavar="N", help=_kept_of("years"))
@click.option(
    "--keep-within",
    "within",
    type=KEPT_DURATION,
    metavar="TIME",
    help="Keep all backups made within this time before the newest one, such as 14d, 6mo or 1y.",
)
@click.option(
    "--older-than",
    type=CUT_OFF,
    metavar="TIME",
    help="Delete only backups older than this, such as 30d or 2025-05-15.",
)
@click.option(
    "--name",
    "names",
    type=FILLED,
    multiple=True,
    metavar="PATTERN",
    help="Consider only backups whose name matches; can contain * and ?. Repeatable.",
)
@tag_filter_option("--tag", "Consider only backups with this tag; repeatable.")
@index_option("Consider only backups of this index; repeatable.", name="index_names", multiple=True)
@dry_run_option
@yes_option
@with_output(evolve(BACKUP, columns=(*BACKUP.columns, _ACTION, _REASON)))
@with_client
def prune(
    client: ClientOptions,
    output: Output,
    *,
    older_than: "Callable[[datetime], datetime] | None",
    tag: tuple[tuple[str, str], ...],
    index_names: tuple[str, ...],
    dry_run: bool,
    yes: bool,
    **kept: Any,
) -> None:
    """Show which backups the rules keep, and delete the others.

    A backup is kept if at least one rule keeps it. The rules are those of restic, applied to each
    index separately; an index that was deleted and created again counts as two. Hours, days, ISO
    weeks, months and years are in local time. If fewer than N periods have a backup, the rule
    also keeps the oldest one.

    With --older-than alone, the newest ready backup of each index is kept too. The command always
    keeps backups in progress, backups named hold-* or *-hold, and the last backup from which an
    index can be restored. With --index NAME --keep-last 0 it deletes that last backup as well.
    """
    now = datetime.now().astimezone()
    named = frozenset(index_names)
    cut_off = older_than(now) if older_than else None
    rules = Rules(**kept, older_than=cut_off, tags=tag, named_indexes=named)
    if not output.is_for_people:
        output.chosen(BACKUP)
    if not rules.are_given:
        raise click.UsageError("give a rule, such as --keep-last N or --older-than TIME")
    with client.connect() as pc:
        clock = ServerClock(pc)
        listing = _backups_of(pc, index_names)
        if older_than and clock.ahead > timedelta() and older_than(now - clock.ahead) != cut_off:
            raise PineconeError(
                f"nothing was deleted, because {clock.difference}",
                hint="Set the clock, or give --older-than as a date with its year.",
            )
        judged = [each for each in verdicts(listing, rules, now=now) if each.is_meant]
        going = [each.backup for each in judged if each.goes]
        going.sort(key=lambda backup: backup.created_at or now)
        if cut_off is not None:
            here = cut_off.astimezone()
            say(f"backups made before {stamp(here)} ({here:%Y-%m-%d %H:%M %z} local time):")
        if output.is_for_people and judged:
            _write_table(output, judged)
        elif not output.is_for_people and (dry_run or not going):
            output.listing(going, BACKUP)
        if not going:
            say(f"no backup to delete: {BACKUP.counted(len(listing))} found")
        elif dry_run:
            say(f"{len(going)} of {BACKUP.counted(len(listing))} would be deleted")
        else:
            if not (output.is_for_people or yes):
                say("\n".join(backup.backup_id for backup in going))
            confirm(f"Delete {len(going)} of {BACKUP.counted(len(listing))}?", yes=yes)
            _delete(pc, {backup.backup_id: backup for backup in going}, output)


def _write_table(output: Output, judged: list[Verdict]) -> None:
    """Write the backups, each with its action and the reason."""
    by_id = {each.backup.backup_id: each for each in judged}

    def action(backup: "Backup") -> str:
        return "delete" if by_id[backup.backup_id].goes else "keep"

    def reason(backup: "Backup") -> str:
        return by_id[backup.backup_id].reason

    known = {column.path: column for column in BACKUP.columns}
    columns = (
        known["backup_id"],
        evolve(_ACTION, derived=action),
        evolve(known["source_index_name"], rank=2),
        evolve(known["name"], rank=4),
        evolve(known["created_at"], rank=5),
        evolve(_REASON, derived=reason),
    )
    rest = [evolve(c, rank=None) for c in BACKUP.columns if c.path not in {x.path for x in columns}]
    output.listing([each.backup for each in judged], evolve(BACKUP, columns=(*columns, *rest)))


def _backups_of(pc: "Pinecone", index_names: tuple[str, ...]) -> "list[Backup]":
    """Return the backups of the given indexes, or of all if none is given.

    Raises:
        PineconeError: there is neither an index of a given name nor a backup of it.
    """
    if not index_names:
        return list(pc.list_backups())
    return [each for name in dict.fromkeys(index_names) for each in backups_of_index(pc, name)]


def _delete(pc: "Pinecone", going: "dict[str, Backup]", output: Output) -> None:
    """Delete backups; in a format for programs, write those that were deleted, also on ctrl-C."""
    deleted: list[Backup] = []

    def delete_one(backup_id: str) -> None:
        with suppress(NotFoundError):  # it was deleted in the meantime
            pc.delete_backup(backup_id)
        deleted.append(going[backup_id])

    try:
        for_each(pc, "deleted", list(going), delete_one, report=say)
    finally:
        if not output.is_for_people:
            output.listing(deleted, BACKUP)
