from ..base import Model
from ..models.backup import Backup
from ..models.pagination import Pagination


class BackupList(Model, frozen=True, kw_only=True):
    """A page of backups. `pagination` is null or absent on the last one.

    Attributes:
        data (list[Backup], optional): The backups on this page, at most as many as the page
            size.
        pagination (Pagination, optional): Where the next page starts. Null or absent on the
            last page.
    """

    data: list[Backup] | None = None
    pagination: Pagination | None = None
