"""The models, one module for each schema of the contract, imported on first use."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .backup import Backup
    from .backup_list import BackupList
    from .byoc_spec import ByocSpec
    from .cloud import Cloud
    from .collection import Collection
    from .collection_list import CollectionList
    from .configure_index_embed import ConfigureIndexEmbed
    from .configure_index_embed_field_map import ConfigureIndexEmbedFieldMap
    from .configure_index_embed_read_parameters import ConfigureIndexEmbedReadParameters
    from .configure_index_embed_write_parameters import (
        ConfigureIndexEmbedWriteParameters,
    )
    from .configure_index_request import ConfigureIndexRequest
    from .configure_index_spec import ConfigureIndexSpec
    from .configure_pod_spec import ConfigurePodSpec
    from .create_backup_request import CreateBackupRequest
    from .create_collection_request import CreateCollectionRequest
    from .create_index_for_model_request import CreateIndexForModelRequest
    from .create_index_from_backup_request import CreateIndexFromBackupRequest
    from .create_index_from_backup_response import CreateIndexFromBackupResponse
    from .create_index_request import CreateIndexRequest
    from .deletion_protection import DeletionProtection
    from .error_description import ErrorDescription
    from .error_details import ErrorDetails
    from .error_response import ErrorResponse
    from .index import Index
    from .index_embed import IndexEmbed
    from .index_embed_field_map import IndexEmbedFieldMap
    from .index_embed_read_parameters import IndexEmbedReadParameters
    from .index_embed_write_parameters import IndexEmbedWriteParameters
    from .index_list import IndexList
    from .index_spec import IndexSpec
    from .index_spec_details import IndexSpecDetails
    from .index_status import IndexStatus
    from .index_tags import IndexTags
    from .metric import Metric
    from .model_index_embed import ModelIndexEmbed
    from .model_index_embed_field_map import ModelIndexEmbedFieldMap
    from .model_index_embed_read_parameters import ModelIndexEmbedReadParameters
    from .model_index_embed_write_parameters import ModelIndexEmbedWriteParameters
    from .pagination import Pagination
    from .pod_metadata_config import PodMetadataConfig
    from .pod_spec import PodSpec
    from .restore_job import RestoreJob
    from .restore_job_list import RestoreJobList
    from .serverless_spec import ServerlessSpec

__all__ = (
    "Backup",
    "BackupList",
    "ByocSpec",
    "Cloud",
    "Collection",
    "CollectionList",
    "ConfigureIndexEmbed",
    "ConfigureIndexEmbedFieldMap",
    "ConfigureIndexEmbedReadParameters",
    "ConfigureIndexEmbedWriteParameters",
    "ConfigureIndexRequest",
    "ConfigureIndexSpec",
    "ConfigurePodSpec",
    "CreateBackupRequest",
    "CreateCollectionRequest",
    "CreateIndexForModelRequest",
    "CreateIndexFromBackupRequest",
    "CreateIndexFromBackupResponse",
    "CreateIndexRequest",
    "DeletionProtection",
    "ErrorDescription",
    "ErrorDetails",
    "ErrorResponse",
    "Index",
    "IndexEmbed",
    "IndexEmbedFieldMap",
    "IndexEmbedReadParameters",
    "IndexEmbedWriteParameters",
    "IndexList",
    "IndexSpec",
    "IndexSpecDetails",
    "IndexStatus",
    "IndexTags",
    "Metric",
    "ModelIndexEmbed",
    "ModelIndexEmbedFieldMap",
    "ModelIndexEmbedReadParameters",
    "ModelIndexEmbedWriteParameters",
    "Pagination",
    "PodMetadataConfig",
    "PodSpec",
    "RestoreJob",
    "RestoreJobList",
    "ServerlessSpec",
)

_MODULES = {
    "Backup": ".backup",
    "BackupList": ".backup_list",
    "ByocSpec": ".byoc_spec",
    "Cloud": ".cloud",
    "Collection": ".collection",
    "CollectionList": ".collection_list",
    "ConfigureIndexEmbed": ".configure_index_embed",
    "ConfigureIndexEmbedFieldMap": ".configure_index_embed_field_map",
    "ConfigureIndexEmbedReadParameters": ".configure_index_embed_read_parameters",
    "ConfigureIndexEmbedWriteParameters": ".configure_index_embed_write_parameters",
    "ConfigureIndexRequest": ".configure_index_request",
    "ConfigureIndexSpec": ".configure_index_spec",
    "ConfigurePodSpec": ".configure_pod_spec",
    "CreateBackupRequest": ".create_backup_request",
    "CreateCollectionRequest": ".create_collection_request",
    "CreateIndexForModelRequest": ".create_index_for_model_request",
    "CreateIndexFromBackupRequest": ".create_index_from_backup_request",
    "CreateIndexFromBackupResponse": ".create_index_from_backup_response",
    "CreateIndexRequest": ".create_index_request",
    "DeletionProtection": ".deletion_protection",
    "ErrorDescription": ".error_description",
    "ErrorDetails": ".error_details",
    "ErrorResponse": ".error_response",
    "Index": ".index",
    "IndexEmbed": ".index_embed",
    "IndexEmbedFieldMap": ".index_embed_field_map",
    "IndexEmbedReadParameters": ".index_embed_read_parameters",
    "IndexEmbedWriteParameters": ".index_embed_write_parameters",
    "IndexList": ".index_list",
    "IndexSpec": ".index_spec",
    "IndexSpecDetails": ".index_spec_details",
    "IndexStatus": ".index_status",
    "IndexTags": ".index_tags",
    "Metric": ".metric",
    "ModelIndexEmbed": ".model_index_embed",
    "ModelIndexEmbedFieldMap": ".model_index_embed_field_map",
    "ModelIndexEmbedReadParameters": ".model_index_embed_read_parameters",
    "ModelIndexEmbedWriteParameters": ".model_index_embed_write_parameters",
    "Pagination": ".pagination",
    "PodMetadataConfig": ".pod_metadata_config",
    "PodSpec": ".pod_spec",
    "RestoreJob": ".restore_job",
    "RestoreJobList": ".restore_job_list",
    "ServerlessSpec": ".serverless_spec",
}

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = globals()[name] = getattr(import_module(_MODULES[name], __name__), name)
        return value


def __dir__() -> list[str]:
    return sorted(__all__)
