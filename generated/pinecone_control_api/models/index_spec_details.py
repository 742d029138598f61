from __future__ import annotations

import attrs

from .. import base


@attrs.frozen(kw_only=True, eq=False, repr=False, getstate_setstate=False)
class IndexSpecDetails(base.Model):
    """Where and how the index runs. Exactly one of the keys is present, and it tells the kind of
    the index.

    Attributes:
        byoc (ByocSpec, optional): Location of an index in the customer's own cloud account
            (bring your own cloud).
        pod (PodSpec, optional): Location and size of a pod-based index.
        serverless (ServerlessSpec, optional): Location of a serverless index. Its capacity
            follows the load and is not configured.
    """

    byoc: ByocSpec | None = None
    pod: PodSpec | None = None
    serverless: ServerlessSpec | None = None


# Last, so that models can refer to each other.
from ..models.byoc_spec import ByocSpec
from ..models.pod_spec import PodSpec
from ..models.serverless_spec import ServerlessSpec
