from __future__ import annotations

import attrs

from .. import base, model_properties


@attrs.frozen(kw_only=True, eq=False, repr=False, getstate_setstate=False)
class Backup(model_properties.BackupProperties, base.Model):
    """A backup: a copy of a serverless or BYOC index, from which new indexes can be restored.

    Attributes:
        backup_id (str): Id of the backup, assigned by the service.
        source_index_name (str): Name of the index it was taken from.
        source_index_id (str): Id of the index it was taken from.
        status (str): `Initializing` at first, then `Ready`. A backup that failed says
            `InitializationFailed` or `Failed`: the sources differ. The contract keeps this text
            open, so expect other values. Known values: `Initializing`, `Ready`,
            `InitializationFailed`, `Failed`; other values are kept.
        cloud (str): Public cloud that stores the backup.
        region (str): Region that stores the backup, by the cloud's own name.
        name (str, optional): Label given at creation, if any. Several backups may share
            one.
        description (str, optional): Remark given at creation, if any.
        dimension (int, optional): Number of values in each dense vector, 1 to 20000. Absent
            for a sparse index.
        metric (str, optional): How the similarity of two vectors is measured. A sparse
            index always has `dotproduct`. Known values: `cosine`, `euclidean`, `dotproduct`;
            other values are kept.
        record_count (int, optional): Number of records, over all namespaces. May be absent.
        namespace_count (int, optional): Number of namespaces. May be absent.
        size_bytes (int, optional): Size in bytes. May be absent.
        tags (IndexTags, optional): Labels of an index, as keys with text values. Keys: up
            to 80 letters, digits, `_` and `-`. Values: up to 120 letters, digits, spaces and
            any of `;@_-.+`. In a change, an empty value removes its key and keys not named
            stay.
        created_at (datetime, optional): When the backup was made, as an ISO 8601 timestamp.
            The contract types it as plain text, without a format.
    """

    backup_id: str
    source_index_name: str
    source_index_id: str
    status: str
    cloud: str
    region: str
    name: str | None = None
    description: str | None = None
    dimension: int | None = None
    metric: str | None = None
    record_count: int | None = None
    namespace_count: int | None = None
    size_bytes: int | None = None
    tags: IndexTags | None = None
    created_at: base.Timestamp | None = None


# Last, so that models can refer to each other.
from ..models.index_tags import IndexTags
