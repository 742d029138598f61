from attrs import frozen

from ..base import Model
from ..models.collection import Collection


@frozen(kw_only=True, eq=False, repr=False, getstate_setstate=False)
class CollectionList(Model):
    """All collections of a project.

    Attributes:
        collections (list[Collection], optional): The collections, complete; there are no
            pages.
    """

    collections: list[Collection] | None = None
