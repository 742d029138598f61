from attrs import frozen

from ..base import Model
from ..models.backup import Backup
from ..models.pagination import Pagination


@frozen(kw_only=True, eq=False, repr=False, getstate_setstate=False)
class BackupList(Model):
    """A page of backups. `pagination` is null or absent on the last one.

    Attributes:
        data (list[Backup], optional): The backups on this page, at most as many as the page
            size.
        pagination (Pagination, optional): Says that a further page exists.
    """

    data: list[Backup] | None = None
    pagination: Pagination | None = None
