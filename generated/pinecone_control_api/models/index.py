from __future__ import annotations

import attrs

from .. import base, model_properties


@attrs.frozen(kw_only=True, eq=False, repr=False, getstate_setstate=False)
class Index(model_properties.IndexProperties, base.Model):
    """An index: its configuration, its address and its current state.

    Attributes:
        name (str): Name of the index. 1 to 45 characters: lowercase letters, digits and
            hyphens, the first and the last being a letter or a digit. Unique within the
            project.
        metric (str): How the similarity of two vectors is measured. A sparse index always
            has `dotproduct`. Known values: `cosine`, `euclidean`, `dotproduct`; other values
            are kept.
        host (str): Where to send the vectors and queries of this index. A host name without
            a scheme; it contains the name of the index.
        spec (IndexSpecDetails): Where and how the index runs. Exactly one of the keys is
            present, and it tells the kind of the index.
        status (IndexStatus): What the index is doing, and whether it can be used.
        vector_type (str): `dense` or `sparse`. A dense index needs a `dimension`, a sparse
            one must not have one.
        dimension (int, optional): Number of values in each dense vector, 1 to 20000. A
            sparse index has none.
        private_host (str, optional): Where the index is reached over a private endpoint. A
            host name without a scheme; absent if there is none.
        deletion_protection (str, optional): Guards an index against deletion: while
            `enabled`, `delete_index` is refused with 403. A new index has it `disabled` unless
            told otherwise. Known values: `disabled`, `enabled`; other values are kept.
        tags (IndexTags, optional): Labels of an index, as keys with text values. Keys: up
            to 80 letters, digits, `_` and `-`. Values: up to 120 letters, digits, spaces and
            any of `;@_-.+`. In a change, an empty value removes its key and keys not named
            stay.
        embed (ModelIndexEmbed, optional): The hosted embedding model of an index and how
            text reaches it.
    """

    name: str
    metric: str
    host: str
    spec: IndexSpecDetails
    status: IndexStatus
    vector_type: str
    dimension: int | None = None
    private_host: str | None = None
    deletion_protection: str | None = None
    tags: IndexTags | None = None
    embed: ModelIndexEmbed | None = None


# Last, so that models can refer to each other.
from ..models.index_spec_details import IndexSpecDetails
from ..models.index_status import IndexStatus
from ..models.index_tags import IndexTags
from ..models.model_index_embed import ModelIndexEmbed
