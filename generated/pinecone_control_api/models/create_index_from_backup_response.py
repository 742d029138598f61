from __future__ import annotations

import attrs

from .. import base


@attrs.frozen(kw_only=True, eq=False, repr=False, getstate_setstate=False)
class CreateIndexFromBackupResponse(base.Model):
    """A restore that has been started: the job and the index it fills.

    Attributes:
        restore_job_id (str): Id of the restore job, for `describe_restore_job`. Keep it:
            listings may leave the job out.
        index_id (str): Id of the new index. It equals the job's `target_index_id`.
    """

    restore_job_id: str
    index_id: str


# Last, so that models can refer to each other.
