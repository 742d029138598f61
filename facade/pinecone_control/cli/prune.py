"""Which backups are not needed any more. Pure: whoever deletes them asks first."""

from collections import defaultdict
from datetime import datetime
from typing import TYPE_CHECKING

from pinecone_control.cli import moments

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pinecone_control import Backup


def superfluous(
    backups: "Iterable[Backup]", *, keep: int, older_than: datetime | None
) -> "list[Backup]":
    """Return the backups that can go, the oldest first.

    Of each index, the newest `keep` that are ready stay, and so does what is being made, what is
    of unknown age, and what is not older than `older_than`. Failed backups count for nothing: they
    go when they are older than the newest that is ready, or than `older_than`.

    Args:
        backups: of any number of indexes, in any order.
        keep: how many ready backups stay of each index, at least.
        older_than: only older ones go; None means any.
    """
    by_index: defaultdict[str, list[tuple[datetime, Backup]]] = defaultdict(list)
    for backup in backups:
        created = moments.when(backup.created_at)
        if created is not None and (backup.is_ready or backup.failed):
            by_index[backup.source_index_name].append((created, backup))
    going = []
    for dated in by_index.values():
        dated.sort(key=lambda pair: pair[0], reverse=True)
        ready_ones = 0
        for created, backup in dated:
            ready_ones += backup.is_ready
            outnumbered = ready_ones > keep if backup.is_ready else ready_ones > 0
            if backup.failed and older_than is not None:
                outnumbered = True
            if outnumbered and (older_than is None or created < older_than):
                going.append((created, backup))
    return [backup for _, backup in sorted(going, key=lambda pair: pair[0])]
