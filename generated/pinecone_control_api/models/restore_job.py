from __future__ import annotations

import attrs

from .. import base, model_properties


@attrs.frozen(kw_only=True, eq=False, repr=False, getstate_setstate=False)
class RestoreJob(model_properties.RestoreJobProperties, base.Model):
    """A restore job: the copying of a backup into a new index.

    Attributes:
        restore_job_id (str): Id of the job, assigned by the service.
        backup_id (str): Id of the backup that is read.
        target_index_name (str): Name of the index that is filled.
        target_index_id (str): Id of the index that is filled.
        status (str): `Pending` until the job ends, also while it runs; then `Completed`,
            `Failed` or `Cancelled`. The contract keeps this text open, so expect other values.
            Known values: `Pending`, `Completed`, `Failed`, `Cancelled`; other values are kept.
        created_at (datetime): When the job was started: RFC 3339, with a UTC offset or `Z`.
            The number of fractional digits varies.
        completed_at (datetime, optional): When the job ended: RFC 3339. Absent before that,
            and possibly for jobs that did not complete.
        percent_complete (float, optional): Progress in percent, 0 to 100. Possibly absent
            until the job has completed.
    """

    restore_job_id: str
    backup_id: str
    target_index_name: str
    target_index_id: str
    status: str
    created_at: base.Timestamp
    completed_at: base.Timestamp | None = None
    percent_complete: float | None = None


# Last, so that models can refer to each other.
