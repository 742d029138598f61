from __future__ import annotations

import attrs

from .. import base


@attrs.frozen(kw_only=True, eq=False, repr=False, getstate_setstate=False)
class ConfigureIndexRequest(base.Model):
    """Body of `configure_index`: the settings to change. What is absent stays as it is.

    Attributes:
        spec (ConfigureIndexSpec, optional): Changes of scale; pod-based indexes only.
        deletion_protection (DeletionProtection, optional): Guards an index against
            deletion: while `enabled`, `delete_index` is refused with 403. A new index has it
            `disabled` unless told otherwise.
        tags (IndexTags, optional): Labels of an index, as keys with text values. Keys: up
            to 80 letters, digits, `_` and `-`. Values: up to 120 letters, digits, spaces and
            any of `;@_-.+`. In a change, an empty value removes its key and keys not named
            stay.
        embed (ConfigureIndexEmbed, optional): Settings of the hosted embedding model.
            Naming a `model` and a `field_map` gives an index a model it did not have; that
            model must fit the index's vector type, dimension and metric, and is fixed from then
            on.
    """

    spec: ConfigureIndexSpec | None = None
    deletion_protection: DeletionProtection | None = None
    tags: IndexTags | None = None
    embed: ConfigureIndexEmbed | None = None


# Last, so that models can refer to each other.
from ..models.configure_index_embed import ConfigureIndexEmbed
from ..models.configure_index_spec import ConfigureIndexSpec
from ..models.deletion_protection import DeletionProtection
from ..models.index_tags import IndexTags
