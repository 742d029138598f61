from attrs import frozen

from ..base import Model
from ..models.configure_pod_spec import ConfigurePodSpec


@frozen(kw_only=True, eq=False, repr=False, getstate_setstate=False)
class ConfigureIndexSpec(Model):
    """Changes of scale; pod-based indexes only.

    Attributes:
        pod (ConfigurePodSpec): The new number or size of pods.
    """

    pod: ConfigurePodSpec
