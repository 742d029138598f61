from attrs import frozen

from ..base import Model


@frozen(kw_only=True, eq=False, repr=False, getstate_setstate=False)
class CreateCollectionRequest(Model):
    """Body of `create_collection`: the index to copy and the name of the copy.

    Attributes:
        name (str): Name of the new collection. 1 to 45 characters: lowercase letters,
            digits and hyphens, the first and the last being a letter or a digit. Must not be
            taken within the project.
        source (str): Name of the pod-based index to copy.
    """

    name: str
    source: str
