"""The models, under names that stay the same when the contract or the generator changes.

They are generated frozen attrs classes with keyword-only arguments. An absent field is None, a
timestamp is an aware `datetime`, and unknown fields are kept. `str()` returns readable JSON,
`to_dict()` the API's JSON object, and `replace()` a copy with other fields. Each class is created
when it is first used, which takes a third of a millisecond.
"""

from typing import TYPE_CHECKING, Literal

from pinecone_control_api import models as _generated
from pinecone_control_api.base import Model, ModelError
from pinecone_control_api.known_values import Cloud, DeletionProtection, Metric

if TYPE_CHECKING:
    from pinecone_control_api.models import (
        Backup,
        ByocSpec,
        Collection,
        ConfigureIndexEmbed,
        CreateIndexFromBackupResponse,
        Index,
        IndexEmbed,
        IndexSpec,
        IndexSpecDetails,
        IndexStatus,
        ModelIndexEmbed,
        Pagination,
        PodMetadataConfig,
        PodSpec,
        RestoreJob,
        ServerlessSpec,
    )

VectorType = Literal["dense", "sparse"]
"""The contract types this as a free string and names the two values in its text."""

__all__ = [
    "Backup",
    "ByocSpec",
    "Cloud",
    "Collection",
    "ConfigureIndexEmbed",
    "CreateIndexFromBackupResponse",
    "DeletionProtection",
    "Index",
    "IndexEmbed",
    "IndexSpec",
    "IndexSpecDetails",
    "IndexStatus",
    "Metric",
    "Model",
    "ModelError",
    "ModelIndexEmbed",
    "Pagination",
    "PodMetadataConfig",
    "PodSpec",
    "RestoreJob",
    "ServerlessSpec",
    "VectorType",
]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(_generated, name)


def __dir__() -> list[str]:
    return list(__all__)
