from __future__ import annotations

import attrs

from .. import base, model_properties


@attrs.frozen(kw_only=True, eq=False, repr=False, getstate_setstate=False)
class Collection(model_properties.CollectionProperties, base.Model):
    """A collection: a static copy of a pod-based index.

    Attributes:
        name (str): Name of the collection. Unique within the project.
        status (str): `Initializing` while the copy is made, `Ready` once it can be used,
            `Terminating` while it is deleted. Known values: `Initializing`, `Ready`,
            `Terminating`; other values are kept.
        environment (str): Pinecone environment that stores the collection.
        size (int, optional): Size in bytes. May be absent until the copy is finished.
        dimension (int, optional): Number of values in each vector, 1 to 20000.
        vector_count (int, optional): Number of records. May be absent until the copy is
            finished.
    """

    name: str
    status: str
    environment: str
    size: int | None = None
    dimension: int | None = None
    vector_count: int | None = None


# Last, so that models can refer to each other.
