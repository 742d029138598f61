from attrs import frozen

from ..base import Model


@frozen(kw_only=True, eq=False, repr=False, getstate_setstate=False)
class PodMetadataConfig(Model):
    """Which metadata can be filtered on. When absent, all of it. Pod-based indexes only.

    Attributes:
        indexed (list[str], optional): Names of the metadata fields to index; all others
            cannot be filtered on.
    """

    indexed: list[str] | None = None
