from __future__ import annotations

import attrs

from .. import base


@attrs.frozen(kw_only=True, eq=False, repr=False, getstate_setstate=False)
class CreateCollectionRequest(base.Model):
    """Body of `create_collection`: the index to copy and the name of the copy.

    Attributes:
        name (str): Name of the new collection. 1 to 45 characters: lowercase letters,
            digits and hyphens, the first and the last being a letter or a digit. Must not be
            taken within the project.
        source (str): Name of the pod-based index to copy.
    """

    name: str
    source: str


# Last, so that models can refer to each other.
