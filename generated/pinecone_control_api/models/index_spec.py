from __future__ import annotations

import attrs

from .. import base


@attrs.frozen(kw_only=True, eq=False, repr=False, getstate_setstate=False)
class IndexSpec(base.Model):
    """Where and how a new index runs: exactly one of `serverless`, `pod` and `byoc`.

    Attributes:
        serverless (ServerlessSpec, optional): Location of a serverless index. Its capacity
            follows the load and is not configured.
        pod (PodSpec, optional): Location and size of a pod-based index.
        byoc (ByocSpec, optional): Location of an index in the customer's own cloud account
            (bring your own cloud).
    """

    serverless: ServerlessSpec | None = None
    pod: PodSpec | None = None
    byoc: ByocSpec | None = None


# Last, so that models can refer to each other.
from ..models.byoc_spec import ByocSpec
from ..models.pod_spec import PodSpec
from ..models.serverless_spec import ServerlessSpec
