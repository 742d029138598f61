"""The known values of the contract's enums, closed or open, as types.

A server may send other values too if the contract leaves the enum open.
"""

from typing import Literal, TypeAlias

BackupMetric: TypeAlias = Literal["cosine", "dotproduct", "euclidean"]
BackupStatus: TypeAlias = Literal["Failed", "InitializationFailed", "Initializing", "Ready"]
Cloud: TypeAlias = Literal["aws", "azure", "gcp"]
CollectionStatus: TypeAlias = Literal["Initializing", "Ready", "Terminating"]
CreateIndexForModelRequestEmbedMetric: TypeAlias = Literal["cosine", "dotproduct", "euclidean"]
DeletionProtection: TypeAlias = Literal["disabled", "enabled"]
ErrorResponseErrorCode: TypeAlias = Literal["ABORTED", "ALREADY_EXISTS", "DATA_LOSS", "DEADLINE_EXCEEDED", "FAILED_PRECONDITION", "FORBIDDEN", "INTERNAL", "INVALID_ARGUMENT", "NOT_FOUND", "OK", "OUT_OF_RANGE", "PAYMENT_REQUIRED", "PERMISSION_DENIED", "QUOTA_EXCEEDED", "RESOURCE_EXHAUSTED", "UNAUTHENTICATED", "UNAVAILABLE", "UNIMPLEMENTED", "UNKNOWN", "UNPROCESSABLE_ENTITY"]
IndexDeletionProtection: TypeAlias = Literal["disabled", "enabled"]
IndexMetric: TypeAlias = Literal["cosine", "dotproduct", "euclidean"]
IndexStatusState: TypeAlias = Literal["Disabled", "InitializationFailed", "Initializing", "Ready", "ScalingDown", "ScalingDownPodSize", "ScalingUp", "ScalingUpPodSize", "Terminating"]
Metric: TypeAlias = Literal["cosine", "dotproduct", "euclidean"]
ModelIndexEmbedMetric: TypeAlias = Literal["cosine", "dotproduct", "euclidean"]
RestoreJobStatus: TypeAlias = Literal["Cancelled", "Completed", "Failed", "Pending"]
ServerlessSpecCloud: TypeAlias = Literal["aws", "azure", "gcp"]
