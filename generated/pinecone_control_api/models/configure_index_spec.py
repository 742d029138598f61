from ..base import Model
from ..models.configure_pod_spec import ConfigurePodSpec


class ConfigureIndexSpec(Model, frozen=True, kw_only=True):
    """Changes of scale; pod-based indexes only.

    Attributes:
        pod (ConfigurePodSpec): The new number or size of pods.
    """

    pod: ConfigurePodSpec
