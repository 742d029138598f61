from __future__ import annotations

import attrs

from .. import base


@attrs.frozen(kw_only=True, eq=False, repr=False, getstate_setstate=False)
class RestoreJobList(base.Model):
    """A page of restore jobs. `pagination` is null or absent on the last one.

    Attributes:
        data (list[RestoreJob]): The jobs on this page, at most as many as the page size.
        pagination (Pagination, optional): Says that a further page exists.
    """

    data: list[RestoreJob]
    pagination: Pagination | None = None


# Last, so that models can refer to each other.
from ..models.pagination import Pagination
from ..models.restore_job import RestoreJob
