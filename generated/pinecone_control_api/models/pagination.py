from ..base import Model


class Pagination(Model, frozen=True, kw_only=True):
    """Says that a further page exists.

    Attributes:
        next (str): Token of the next page, to be sent as `paginationToken`. Opaque; it
            carries the page size.
    """

    next: str
