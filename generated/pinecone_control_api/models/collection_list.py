from __future__ import annotations

import attrs

from .. import base


@attrs.frozen(kw_only=True, eq=False, repr=False, getstate_setstate=False)
class CollectionList(base.Model):
    """All collections of a project.

    Attributes:
        collections (list[Collection], optional): The collections, complete; there are no
            pages.
    """

    collections: list[Collection] | None = None


# Last, so that models can refer to each other.
from ..models.collection import Collection
