from __future__ import annotations

import attrs

from .. import base


@attrs.frozen(kw_only=True, eq=False, repr=False, getstate_setstate=False)
class ConfigurePodSpec(base.Model):
    """The new number or size of pods.

    Attributes:
        replicas (int, optional): Number of copies of the index, at least 1. More copies
            answer more queries and keep the index available when one fails; the number can be
            changed at any time.
        pod_type (str, optional): Type and size of each pod, joined by a dot: `s1`, `p1` or
            `p2`, then `x1`, `x2`, `x4` or `x8`. Only the size can be changed, not the type.
    """

    replicas: int | None = None
    pod_type: str | None = None


# Last, so that models can refer to each other.
