from __future__ import annotations

import attrs

from .. import base


@attrs.frozen(kw_only=True, eq=False, repr=False, getstate_setstate=False)
class ServerlessSpec(base.Model):
    """Location of a serverless index. Its capacity follows the load and is not configured.

    Attributes:
        cloud (str): Public cloud that hosts the index. Known values: `gcp`, `aws`, `azure`;
            other values are kept.
        region (str): Region within the cloud, by the cloud's own name.
        source_collection (str, optional): Name of a collection to fill the new index from.
            When absent, the index starts empty.
    """

    cloud: str
    region: str
    source_collection: str | None = None


# Last, so that models can refer to each other.
