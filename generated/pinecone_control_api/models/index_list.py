from attrs import frozen

from ..base import Model
from ..models.index import Index


@frozen(kw_only=True, eq=False, repr=False, getstate_setstate=False)
class IndexList(Model):
    """All indexes of a project.

    Attributes:
        indexes (list[Index], optional): The indexes, complete; there are no pages.
    """

    indexes: list[Index] | None = None
