from __future__ import annotations

import attrs

from .. import base


@attrs.frozen(kw_only=True, eq=False, repr=False, getstate_setstate=False)
class Pagination(base.Model):
    """Says that a further page exists.

    Attributes:
        next (str): Token of the next page, to be sent as `paginationToken`. Opaque; it
            carries the page size.
    """

    next: str


# Last, so that models can refer to each other.
