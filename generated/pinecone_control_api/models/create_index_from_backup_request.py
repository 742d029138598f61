from __future__ import annotations

import attrs

from .. import base


@attrs.frozen(kw_only=True, eq=False, repr=False, getstate_setstate=False)
class CreateIndexFromBackupRequest(base.Model):
    """Body of `create_index_from_backup`: the index to restore into. Its data and shape come from
    the backup, and so do its tags unless given here.

    Attributes:
        name (str): Name of the index to restore into. 1 to 45 characters: lowercase
            letters, digits and hyphens, the first and the last being a letter or a digit. Must
            not be taken within the project.
        tags (IndexTags, optional): Labels of an index, as keys with text values. Keys: up
            to 80 letters, digits, `_` and `-`. Values: up to 120 letters, digits, spaces and
            any of `;@_-.+`. In a change, an empty value removes its key and keys not named
            stay.
        deletion_protection (DeletionProtection, optional): Guards an index against
            deletion: while `enabled`, `delete_index` is refused with 403. A new index has it
            `disabled` unless told otherwise.
    """

    name: str
    tags: IndexTags | None = None
    deletion_protection: DeletionProtection | None = None


# Last, so that models can refer to each other.
from ..models.deletion_protection import DeletionProtection
from ..models.index_tags import IndexTags
