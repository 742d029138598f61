from __future__ import annotations

import attrs

from .. import base


@attrs.frozen(kw_only=True, eq=False, repr=False, getstate_setstate=False)
class ConfigureIndexSpec(base.Model):
    """Changes of scale; pod-based indexes only.

    Attributes:
        pod (ConfigurePodSpec): The new number or size of pods.
    """

    pod: ConfigurePodSpec


# Last, so that models can refer to each other.
from ..models.configure_pod_spec import ConfigurePodSpec
