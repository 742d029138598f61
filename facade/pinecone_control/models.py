"""The models, under names that stay when the contract's or the generator's change.

They are the generated classes: keyword-only, immutable, None for what is absent, timestamps as
aware `datetime`, unknown fields kept. `str()` gives readable JSON, `to_dict()` the wire's form,
`replace()` another one with other fields.
"""

from typing import Literal

from pinecone_control_api.base import Model, ModelError
from pinecone_control_api.models.backup import Backup
from pinecone_control_api.models.byoc_spec import ByocSpec
from pinecone_control_api.models.collection import Collection
from pinecone_control_api.models.configure_index_embed import ConfigureIndexEmbed
from pinecone_control_api.models.create_index_from_backup_response import (
    CreateIndexFromBackupResponse,
)
from pinecone_control_api.models.index import Index
from pinecone_control_api.models.index_embed import IndexEmbed
from pinecone_control_api.models.index_spec import IndexSpec
from pinecone_control_api.models.index_spec_details import IndexSpecDetails
from pinecone_control_api.models.index_status import IndexStatus
from pinecone_control_api.models.model_index_embed import ModelIndexEmbed
from pinecone_control_api.models.pagination import Pagination
from pinecone_control_api.models.pod_metadata_config import PodMetadataConfig
from pinecone_control_api.models.pod_spec import PodSpec
from pinecone_control_api.models.restore_job import RestoreJob
from pinecone_control_api.models.serverless_spec import ServerlessSpec
from pinecone_control_api.values import Cloud, DeletionProtection, Metric

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
