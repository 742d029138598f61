from attrs import frozen

from ..base import Model
from ..models.byoc_spec import ByocSpec
from ..models.pod_spec import PodSpec
from ..models.serverless_spec import ServerlessSpec


@frozen(kw_only=True, eq=False, repr=False, getstate_setstate=False)
class IndexSpecDetails(Model):
    """Where and how the index runs. Exactly one of the keys is present, and it tells the kind of
    the index.

    Attributes:
        byoc (ByocSpec, optional): Set if the index runs in the customer's own cloud
            account.
        pod (PodSpec, optional): Set if the index runs on pods.
        serverless (ServerlessSpec, optional): Set if the index is serverless.
    """

    byoc: ByocSpec | None = None
    pod: PodSpec | None = None
    serverless: ServerlessSpec | None = None
