from __future__ import annotations

import attrs

from .. import base


@attrs.frozen(kw_only=True, eq=False, repr=False, getstate_setstate=False)
class CreateBackupRequest(base.Model):
    """Body of `create_backup`: labels for the new backup, both optional.

    Attributes:
        name (str, optional): Label to find the backup by. Need not be unique.
        description (str, optional): Remark for people, such as the reason for the backup.
    """

    name: str | None = None
    description: str | None = None


# Last, so that models can refer to each other.
