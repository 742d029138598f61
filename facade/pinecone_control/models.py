"""The models, under names that stay when the contract's or the generator's change.

They are the generated classes: frozen attrs classes, keyword-only, None for what is absent,
timestamps as aware `datetime`, unknown fields kept. `str()` gives readable JSON, `to_dict()` the
wire's form, `replace()` another one with other fields. Each is made when it is first named, which
takes a third of a millisecond.
"""

from typing import TYPE_CHECKING, Literal

from pinecone_control_api import models as _generated
from pinecone_control_api.base import Model, ModelError
from pinecone_control_api.values import Cloud, DeletionProtection, Metric

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
