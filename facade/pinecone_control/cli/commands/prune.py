"""`pinecone-control backups prune`: delete what no rule keeps."""

from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import click
from attrs import evolve

from pinecone_control.cli.client import ClientOptions
from pinecone_control.cli.commands.deleting import confirm, for_each
from pinecone_control.cli.lookup import backups_of_index
from pinecone_control.cli.options import (
    Length,
    dry_run_option,
    index_option,
    pairs_option,
    with_client,
    with_output,
    yes_option,
)
from pinecone_control.cli.output.columns import Column
from pinecone_control.cli.output.formats import Output
from pinecone_control.cli.output.resources import BACKUP
from pinecone_control.cli.output.terminal import say
from pinecone_control.cli.retention import Rules, Verdict, verdicts
from pinecone_control.cli.times import cut_off, stamp
from pinecone_control.errors import NotFoundError

if TYPE_CHECKING:
    from pinecone_control import Backup, Pinecone

_COUNT: Final = click.IntRange(min=0)


@click.command(
    epilog="""\b
Examples:
  $ pinecone-control backups prune --name 'nightly-*' --keep-last 7 --dry-run
  $ pinecone-control backups prune --keep-daily 7 --keep-weekly 4 --keep-monthly 12 --yes
  $ pinecone-control backups prune --older-than 30d --index movies --yes
"""
)
@click.option("--keep-last", "--keep", "last", type=_COUNT, metavar="N", help="Keep the newest N.")
@click.option("--keep-hourly", "hourly", type=_COUNT, metavar="N", help="Keep one of N hours.")
@click.option("--keep-daily", "daily", type=_COUNT, metavar="N", help="Keep one of N days.")
@click.option("--keep-weekly", "weekly", type=_COUNT, metavar="N", help="Keep one of N weeks.")
@click.option("--keep-monthly", "monthly", type=_COUNT, metavar="N", help="Keep one of N months.")
@click.option("--keep-yearly", "yearly", type=_COUNT, metavar="N", help="Keep one of N years.")
@click.option(
    "--keep-within",
    "within",
    type=Length(deletes=True),
    metavar="TIME",
    help="Keep what was made so long before the newest: 14d, 6mo, 1y.",
)
@click.option("--older-than", metavar="TIME", help="Delete only older ones: 30d, 2025-05-15.")
@click.option(
    "--name",
    "names",
    multiple=True,
    metavar="PATTERN",
    help="Only backups with a name like this (with * and ?); repeatable.",
)
@pairs_option("--tag", "Only backups with this tag; repeatable.")
@index_option("Only of this index; repeatable.", name="index_names", multiple=True)
@dry_run_option
@yes_option
@with_output(BACKUP)
@with_client
def prune(
    client: ClientOptions,
    output: Output,
    *,
    older_than: str | None,
    tag: dict[str, str] | None,
    index_names: tuple[str, ...],
    dry_run: bool,
    yes: bool,
    **kept: Any,
) -> None:
    """Delete backups that no rule keeps, after showing each with the reason.

    The rules are those of restic, counted for each index by itself; what any rule keeps stays. An
    index that was deleted and made again under its name is another index. Hours, days, ISO weeks,
    months and years are of local time, and the newest backup of each is kept; the oldest of all
    stays too while a rule has places left.

    With --older-than alone, the newest ready backup of each index stays however old it is. These
    always stay: backups that are being made, those named hold-* or *-hold, and the last one of an
    index from which it can be restored, unless the index is named: --index NAME --keep-last 0.
    """
    now = datetime.now().astimezone()
    before = None if older_than is None else cut_off(older_than, now=now)
    rules = Rules(**kept, older_than=before, tags=tag or {}, named_indexes=frozenset(index_names))
    if not rules.are_given:
        raise click.UsageError("say what to keep: --keep-last N and the like, or --older-than TIME")
    with client.connect() as pc:
        listing = _backups_of(pc, index_names)
        judged = [each for each in verdicts(listing, rules, now=now) if each.is_meant]
        going = [each.backup for each in judged if each.goes]
        going.sort(key=lambda backup: backup.created_at or now)
        if before is not None:
            say(f"made before {stamp(before)} ({before:%Y-%m-%d %H:%M %z} here):")
        if output.is_for_people and judged:
            _write_table(output, judged)
        elif not output.is_for_people:
            output.listing(going, BACKUP)
        if not going:
            say(f"nothing to delete among {len(listing)} backups")
        elif dry_run:
            say(f"{len(going)} of {len(listing)} backups would be deleted")
        else:
            confirm(f"Delete {len(going)} of {len(listing)} backups?", yes=yes)
            _delete(pc, [backup.backup_id for backup in going])


def _write_table(output: Output, judged: list[Verdict]) -> None:
    """Write the backups with what becomes of each, and why."""
    by_id = {each.backup.backup_id: each for each in judged}

    def action(backup: "Backup") -> str:
        return "delete" if by_id[backup.backup_id].goes else "keep"

    def reason(backup: "Backup") -> str:
        return by_id[backup.backup_id].reason

    known = {column.path: column for column in BACKUP.columns}
    columns = (
        known["backup_id"],
        Column("action", "action", "action", rank=1, derived=action),
        evolve(known["source_index_name"], rank=2),
        evolve(known["name"], rank=4),
        evolve(known["created_at"], rank=5),
        Column("reason", "reason", rank=3, derived=reason),
    )
    rest = [evolve(c, rank=None) for c in BACKUP.columns if c.path not in {x.path for x in columns}]
    output.listing([each.backup for each in judged], evolve(BACKUP, columns=(*columns, *rest)))


def _backups_of(pc: "Pinecone", index_names: tuple[str, ...]) -> "list[Backup]":
    """Return the backups of these indexes, of all without any; a name of nothing is refused."""
    if not index_names:
        return list(pc.list_backups())
    return [each for name in dict.fromkeys(index_names) for each in backups_of_index(pc, name)]


def _delete(pc: "Pinecone", ids: list[str]) -> None:
    def delete_one(backup_id: str) -> None:
        with suppress(NotFoundError):  # somebody else was faster
            pc.delete_backup(backup_id)

    for_each(pc, "deleted", ids, delete_one)
