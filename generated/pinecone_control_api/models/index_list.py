from ..base import Model
from ..models.index import Index


class IndexList(Model, frozen=True, kw_only=True):
    """All indexes of a project.

    Attributes:
        indexes (list[Index], optional): The indexes, complete; there are no pages.
    """

    indexes: list[Index] | None = None
