"""`pinecone-control backups`, with its smaller commands: list, describe, wait, delete."""

from functools import partial
from typing import Final

import click

from pinecone_control.cli.client import ClientOptions
from pinecone_control.cli.commands import Verbs
from pinecone_control.cli.commands.backups.check import check
from pinecone_control.cli.commands.backups.create import create
from pinecone_control.cli.commands.backups.prune import prune
from pinecone_control.cli.commands.backups.rehearse import rehearse
from pinecone_control.cli.commands.backups.restore import restore
from pinecone_control.cli.commands.deleting import confirm, for_each
from pinecone_control.cli.completion import BACKUP_IDS
from pinecone_control.cli.listing import Selection, write_listing
from pinecone_control.cli.name_resolution import backup_id, backups_of_index
from pinecone_control.cli.option_groups import with_client, with_output, with_selection
from pinecone_control.cli.options import dry_run_option, timeout_option, yes_option
from pinecone_control.cli.output.columns import BACKUP
from pinecone_control.cli.output.formats import Output
from pinecone_control.cli.waiting import command_line, wait_for_backups, write_waited_for
from pinecone_control.errors import NotFoundError

_TIMEOUT: Final = 3600.0


@click.group(
    cls=Verbs,
    epilog="""\b
Examples:
  $ pinecone-control backups create movies --wait
  $ pinecone-control backups restore --latest movies --name movies-2 --wait
  $ pinecone-control backups prune --name 'nightly-*' --keep-daily 7 --dry-run
""",
)
def backups() -> None:
    """Create, check, restore and delete backups."""


for _command in (check, create, prune, rehearse, restore):
    backups.add_command(_command)


@backups.command(
    "list",
    epilog="""\b
Examples:
  $ pinecone-control backups list --index movies
  $ pinecone-control backups list --status Ready --since 30d --sort -size_bytes
  $ pinecone-control backups list -o csv > backups.csv
""",
)
@with_selection(BACKUP, index_help="Show only backups of this index.")
@with_output(BACKUP)
@with_client
def list_(client: ClientOptions, output: Output, selection: Selection) -> None:
    """List backups, including those of deleted indexes.

    A table shows the first 100 backups and says whether there are more; -o json, jsonl, csv, yaml
    and -q show all of them. On a terminal, tables show the first 8 characters of each id, which all
    commands accept; -o wide shows full ids.
    """
    with client.connect() as pc:
        try:
            of_index = partial(pc.list_backups, selection.index)
            write_listing(of_index, BACKUP, selection, output)
        except NotFoundError:
            # Backups outlive their index.
            backups_of_index(pc, selection.index or "")
            write_listing(pc.list_backups, BACKUP, selection, output)


@backups.command(
    epilog="""\b
Examples:
  $ pinecone-control backups describe 4c526a54
  $ pinecone-control backups describe before-migration
"""
)
@click.argument("backup", shell_complete=BACKUP_IDS)
@with_output(BACKUP)
@with_client
def describe(client: ClientOptions, output: Output, backup: str) -> None:
    """Show one backup.

    Give its id, the first characters of its id, or its name if no other backup has that name.
    """
    with client.connect() as pc:
        output.one(pc.describe_backup(backup_id(pc, backup)), BACKUP)


@backups.command(epilog="\b\nExample:\n  $ pinecone-control backups wait 4c526a54")
@click.argument("backup_ids", shell_complete=BACKUP_IDS, metavar="[BACKUP]...", nargs=-1)
@timeout_option(_TIMEOUT)
@with_output(BACKUP)
@with_client
def wait(
    client: ClientOptions, output: Output, backup_ids: tuple[str, ...], timeout: float
) -> None:
    """Wait until backups are ready, and show them.

    Without any id, the command exits with 0 at once.
    """
    if not backup_ids:
        output.nothing("nothing to wait for", BACKUP)
        return
    with client.connect() as pc:
        ids = dict.fromkeys(backup_id(pc, given) for given in backup_ids)
        again = command_line(client, "backups", "wait", *ids)
        seen = [pc.describe_backup(each) for each in ids]
        write_waited_for(output, BACKUP, lambda: wait_for_backups(pc, again, seen, timeout))


@backups.command(
    epilog="""\b
Examples:
  $ pinecone-control backups delete 4c526a54 --dry-run
  $ pinecone-control backups list --status InitializationFailed -q \\
      | xargs pinecone-control backups delete --yes
"""
)
@click.argument(
    "backup_ids", shell_complete=BACKUP_IDS, metavar="BACKUP...", nargs=-1, required=True
)
@yes_option
@dry_run_option
@with_client
def delete(client: ClientOptions, backup_ids: tuple[str, ...], *, yes: bool, dry_run: bool) -> None:
    """Delete backups.

    Give the id of each backup, the first characters of its id, or its name if no other backup has
    that name. The service deletes in the background. Unlike `prune`, this command also deletes the
    last backup of an index and backups named hold-* or *-hold.
    """
    with client.connect() as pc:
        ids = list(dict.fromkeys(backup_id(pc, given) for given in backup_ids))
        if dry_run:
            for_each(pc, "would be deleted", ids, pc.describe_backup)
            return
        names = ", ".join(ids) if len(ids) == 1 else f"{len(ids)} backups"
        confirm(f"Delete {names}?", yes=yes)
        for_each(pc, "deleted", ids, pc.delete_backup)
