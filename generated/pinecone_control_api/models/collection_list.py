from ..base import Model
from ..models.collection import Collection


class CollectionList(Model, frozen=True, kw_only=True):
    """All collections of a project.

    Attributes:
        collections (list[Collection], optional): The collections, complete; there are no
            pages.
    """

    collections: list[Collection] | None = None
