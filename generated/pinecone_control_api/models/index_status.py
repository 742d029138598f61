from __future__ import annotations

import attrs

from .. import base


@attrs.frozen(kw_only=True, eq=False, repr=False, getstate_setstate=False)
class IndexStatus(base.Model):
    """What the index is doing, and whether it can be used.

    Attributes:
        ready (bool): True when the index serves requests.
        state (str): Stage in the life of the index. `InitializationFailed`: the creation
            did not succeed. Known values: `Initializing`, `InitializationFailed`, `ScalingUp`,
            `ScalingDown`, `ScalingUpPodSize`, `ScalingDownPodSize`, `Terminating`, `Ready`,
            `Disabled`; other values are kept.
    """

    ready: bool
    state: str


# Last, so that models can refer to each other.
