from __future__ import annotations

import attrs

from .. import base


@attrs.frozen(kw_only=True, eq=False, repr=False, getstate_setstate=False)
class BackupList(base.Model):
    """A page of backups. `pagination` is null or absent on the last one.

    Attributes:
        data (list[Backup], optional): The backups on this page, at most as many as the page
            size.
        pagination (Pagination, optional): Says that a further page exists.
    """

    data: list[Backup] | None = None
    pagination: Pagination | None = None


# Last, so that models can refer to each other.
from ..models.backup import Backup
from ..models.pagination import Pagination
