from __future__ import annotations

import attrs

from .. import base


@attrs.frozen(kw_only=True, eq=False, repr=False, getstate_setstate=False)
class CreateIndexForModelRequest(base.Model):
    """Body of `create_index_for_model`: name and location of the new index, and the model that
    embeds its text.

    Attributes:
        name (str): Name of the new index. 1 to 45 characters: lowercase letters, digits and
            hyphens, the first and the last being a letter or a digit. Must not be taken within
            the project.
        cloud (Cloud): Public cloud that hosts the index.
        region (str): Region within the cloud, by the cloud's own name.
        embed (IndexEmbed): The embedding model and how text reaches it. The model is fixed
            from then on; the field map and the parameters can be changed with
            `configure_index`.
        deletion_protection (DeletionProtection, optional): Guards an index against
            deletion: while `enabled`, `delete_index` is refused with 403. A new index has it
            `disabled` unless told otherwise.
        tags (IndexTags, optional): Labels of an index, as keys with text values. Keys: up
            to 80 letters, digits, `_` and `-`. Values: up to 120 letters, digits, spaces and
            any of `;@_-.+`. In a change, an empty value removes its key and keys not named
            stay.
    """

    name: str
    cloud: Cloud
    region: str
    embed: IndexEmbed
    deletion_protection: DeletionProtection | None = None
    tags: IndexTags | None = None


# Last, so that models can refer to each other.
from ..models.cloud import Cloud
from ..models.deletion_protection import DeletionProtection
from ..models.index_embed import IndexEmbed
from ..models.index_tags import IndexTags
