from attrs import frozen

from ..base import Model
from ..models.pagination import Pagination
from ..models.restore_job import RestoreJob


@frozen(kw_only=True, eq=False, repr=False, getstate_setstate=False)
class RestoreJobList(Model):
    """A page of restore jobs. `pagination` is null or absent on the last one.

    Attributes:
        data (list[RestoreJob]): The jobs on this page, at most as many as the page size.
        pagination (Pagination, optional): Says that a further page exists.
    """

    data: list[RestoreJob]
    pagination: Pagination | None = None
