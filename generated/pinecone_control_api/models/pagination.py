from attrs import frozen

from ..base import Model


@frozen(kw_only=True, eq=False, repr=False, getstate_setstate=False)
class Pagination(Model):
    """Says that a further page exists.

    Attributes:
        next (str): Token of the next page, to be sent as `paginationToken`. Opaque; it
            carries the page size.
    """

    next: str
