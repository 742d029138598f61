from __future__ import annotations

import attrs

from .. import base


@attrs.frozen(kw_only=True, eq=False, repr=False, getstate_setstate=False)
class PodMetadataConfig(base.Model):
    """Which metadata can be filtered on. When absent, all of it. Pod-based indexes only.

    Attributes:
        indexed (list[str], optional): Names of the metadata fields to index; all others
            cannot be filtered on.
    """

    indexed: list[str] | None = None


# Last, so that models can refer to each other.
