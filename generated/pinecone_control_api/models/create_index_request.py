from __future__ import annotations

import attrs

from .. import base


@attrs.frozen(kw_only=True, eq=False, repr=False, getstate_setstate=False)
class CreateIndexRequest(base.Model):
    """Body of `create_index`: name, vector shape and deployment of the new index.

    Attributes:
        name (str): Name of the new index. 1 to 45 characters: lowercase letters, digits and
            hyphens, the first and the last being a letter or a digit. Must not be taken within
            the project.
        spec (IndexSpec): Where and how a new index runs: exactly one of `serverless`, `pod`
            and `byoc`.
        dimension (int, optional): Number of values in each vector, 1 to 20000. Required for
            a dense index, not allowed for a sparse one.
        metric (Metric, optional): How the similarity of two vectors is measured. When
            absent, a dense index gets `cosine`; a sparse one accepts `dotproduct` only.
        deletion_protection (DeletionProtection, optional): Guards an index against
            deletion: while `enabled`, `delete_index` is refused with 403. A new index has it
            `disabled` unless told otherwise.
        tags (IndexTags, optional): Labels of an index, as keys with text values. Keys: up
            to 80 letters, digits, `_` and `-`. Values: up to 120 letters, digits, spaces and
            any of `;@_-.+`. In a change, an empty value removes its key and keys not named
            stay.
        vector_type (str, optional): `dense` or `sparse`. A dense index needs a `dimension`,
            a sparse one must not have one. When absent, `dense`.
    """

    name: str
    spec: IndexSpec
    dimension: int | None = None
    metric: Metric | None = None
    deletion_protection: DeletionProtection | None = None
    tags: IndexTags | None = None
    vector_type: str | None = None


# Last, so that models can refer to each other.
from ..models.deletion_protection import DeletionProtection
from ..models.index_spec import IndexSpec
from ..models.index_tags import IndexTags
from ..models.metric import Metric
