from __future__ import annotations

import attrs

from .. import base


@attrs.frozen(kw_only=True, eq=False, repr=False, getstate_setstate=False)
class IndexList(base.Model):
    """All indexes of a project.

    Attributes:
        indexes (list[Index], optional): The indexes, complete; there are no pages.
    """

    indexes: list[Index] | None = None


# Last, so that models can refer to each other.
from ..models.index import Index
