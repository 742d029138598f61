from ..base import Model


class PodMetadataConfig(Model, frozen=True, kw_only=True):
    """Which metadata can be filtered on. When absent, all of it. Pod-based indexes only.

    Attributes:
        indexed (list[str], optional): Names of the metadata fields to index; all others
            cannot be filtered on.
    """

    indexed: list[str] | None = None
