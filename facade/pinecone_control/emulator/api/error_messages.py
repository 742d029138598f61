"""The error messages of the operations, each with the evidence for its wording.

Clients assert these texts. They are therefore the service's own wherever those are known: from the
examples of the contract, or from the assertions of the official SDKs' integration suites.
"""

from __future__ import annotations

from typing import Final, Literal

from attrs import frozen

from pinecone_control.emulator.api.http_error import HttpError

WordingEvidence = Literal["contract", "suite", "assumption"]

_LONGEST_VALUE: Final = 300
"""Characters of a client's text that a message repeats."""


@frozen
class ErrorMessage:
    """A status and the message that goes with it.

    Attributes:
        status: HTTP status code.
        text: the message, with fields in braces.
        evidence: where the wording comes from: an example of the contract, an assertion of an
            official SDK's suite, or an assumption.
    """

    status: int
    text: str
    evidence: WordingEvidence

    def error(self, **values: object) -> HttpError:
        """Return the error to raise, with its fields filled in."""
        shown = {name: str(value)[:_LONGEST_VALUE] for name, value in values.items()}
        return HttpError(self.status, self.text.format(**shown))


INVALID_API_KEY: Final = ErrorMessage(401, "Invalid API key.", "contract")
INDEX_NOT_FOUND: Final = ErrorMessage(404, "Index {name} not found.", "contract")
COLLECTION_NOT_FOUND: Final = ErrorMessage(404, "Collection {name} not found.", "contract")
BACKUP_NOT_FOUND: Final = ErrorMessage(404, "Backup {id} not found.", "contract")
RESTORE_JOB_NOT_FOUND: Final = ErrorMessage(404, "Restore job {id} not found.", "contract")
REGION_NOT_FOUND: Final = ErrorMessage(
    404, "Resource cloud: {cloud} region: {region} not found.", "contract"
)
SOURCE_NOT_FOUND: Final = ErrorMessage(404, "Resource {name} not found.", "suite")
SOURCE_INDEX_NOT_FOUND: Final = ErrorMessage(400, "Resource {name} not found.", "suite")
"""A 400, since the contract documents no 404 for creating a collection."""

ALREADY_EXISTS: Final = ErrorMessage(409, "Resource already exists.", "contract")
BAD_NAME: Final = ErrorMessage(
    400,
    "{kind} name must contain only lowercase alphanumeric characters or hyphens, and must not "
    "begin or end with a hyphen.",
    "contract",
)
BAD_TAG_KEY: Final = ErrorMessage(
    400, "Tag key '{key}' must be 1 to 80 letters, digits, '_' or '-'.", "assumption"
)
BAD_TAG_VALUE: Final = ErrorMessage(
    400,
    "The value of tag '{key}' must be at most 120 letters, digits, spaces or any of ';@_-.+'.",
    "assumption",
)

DELETION_PROTECTED: Final = ErrorMessage(
    403,
    "Deletion protection is enabled for this index. Disable deletion protection before retrying.",
    "contract",
)
PENDING_COLLECTIONS: Final = ErrorMessage(
    412,
    "Unable to delete an index. There are pending collections for this index: {names}",
    "contract",
)
PENDING_RESTORE_JOBS: Final = ErrorMessage(
    412,
    "Unable to delete backup. There are pending restore jobs for this backup: {ids}",
    "contract",
)
INDEX_QUOTA: Final = ErrorMessage(
    403, "Increase your quota or upgrade to create more indexes.", "contract"
)
BACKUP_QUOTA: Final = ErrorMessage(
    403, "Increase your quota or upgrade to create more backups.", "contract"
)
COLLECTION_QUOTA: Final = ErrorMessage(
    403,
    "Collection exceeds quota. Maximum allowed on your account is {quota}. Currently have {count}.",
    "contract",
)
POD_QUOTA: Final = ErrorMessage(
    403,
    "The index exceeds the project quota of {quota} pods by {excess} pods. Upgrade your account "
    "or change the project settings to increase the quota.",
    "contract",
)

BAD_VECTOR_TYPE: Final = ErrorMessage(
    400, "vector_type must be 'dense' or 'sparse'; got '{vector_type}'.", "assumption"
)
DENSE_WITHOUT_DIMENSION: Final = ErrorMessage(
    400, "A dense index needs a dimension, 1 to 20000.", "assumption"
)
SPARSE_METRIC: Final = ErrorMessage(
    400, "Sparse vector indexes must use the metric dotproduct.", "suite"
)
SPARSE_DIMENSION: Final = ErrorMessage(
    400, "dimension should not be specified for sparse indexes.", "suite"
)
SPARSE_PODS: Final = ErrorMessage(
    400, "Sparse vector type is not supported for pod indexes", "suite"
)
MODEL_NOT_FOUND: Final = ErrorMessage(400, "Model {name} not found.", "suite")
MODEL_METRIC: Final = ErrorMessage(
    400, "Invalid metric '{metric}' for model {model}; it supports {known}.", "suite"
)
MODEL_DIMENSION: Final = ErrorMessage(
    400, "Model {model} makes vectors of {known}; got {dimension}.", "assumption"
)
FIELD_MAP_KEY: Final = ErrorMessage(400, "Missing required key '{key}' in field_map.", "suite")
MODEL_FIXED: Final = ErrorMessage(400, "The model of index {name} cannot be changed.", "assumption")
MODEL_INCOMPLETE: Final = ErrorMessage(
    400, "To convert an index for a model, give embed.model and embed.field_map.", "assumption"
)
MODEL_NOT_SERVERLESS: Final = ErrorMessage(
    400, "Index {name} is not serverless; it cannot have a model.", "assumption"
)
MODEL_VECTORS: Final = ErrorMessage(400, "Model {model} makes {vector_type} vectors.", "assumption")

BAD_POD_COUNT: Final = ErrorMessage(
    400, "pods must be shards x replicas, {shards} x {replicas}; got {pods}.", "assumption"
)
BAD_POD_TYPE: Final = ErrorMessage(
    400, "pod_type must be s1, p1 or p2 with .x1, .x2, .x4 or .x8; got '{pod_type}'.", "assumption"
)
POD_TYPE_CHANGE: Final = ErrorMessage(400, "Pods of type {old} cannot become {new}.", "assumption")
NO_PODS: Final = ErrorMessage(
    400, "Index {name} is not pod-based; it has no pods to configure.", "assumption"
)
NO_READ_CAPACITY: Final = ErrorMessage(
    400, "Index {name} is not serverless; it has no read capacity to configure.", "assumption"
)
INDEX_NOT_READY: Final = ErrorMessage(
    400, "Index {name} is {state}; it must be Ready for this.", "assumption"
)

SOURCE_INDEX_NOT_READY: Final = ErrorMessage(400, "Source index is not ready", "suite")
SOURCE_WITHOUT_PODS: Final = ErrorMessage(
    400, "Index {name} is not pod-based; only pod indexes have collections.", "assumption"
)
COLLECTION_NOT_READY: Final = ErrorMessage(400, "Collection {name} is not Ready.", "assumption")
COLLECTION_ENVIRONMENT: Final = ErrorMessage(
    400, "Source collection must be in the same environment as the index", "suite"
)
COLLECTION_DIMENSION: Final = ErrorMessage(
    400, "Index and collection must have the same dimension", "suite"
)
BACKUP_OF_PODS: Final = ErrorMessage(
    400, "Index {name} is pod-based; only serverless indexes have backups.", "assumption"
)
BACKUP_NOT_READY: Final = ErrorMessage(400, "Backup {id} is not Ready.", "assumption")

MISSING_FIELD: Final = ErrorMessage(
    422,
    "Failed to deserialize the JSON body into the target type: missing field `{field}`{where}",
    "contract",
)
BAD_BODY: Final = ErrorMessage(
    422, "Failed to deserialize the JSON body into the target type: {reason}", "contract"
)

INJECTED: Final[dict[int, str]] = {
    400: "Bad request. The request body included invalid request parameters.",
    401: INVALID_API_KEY.text,
    402: "Request failed. Pay all past due invoices to lift restrictions on your account.",
    409: ALREADY_EXISTS.text,
    500: "Internal server error",
}
"""The contract's messages for statuses that are injected as faults."""


def known_messages() -> dict[str, ErrorMessage]:
    """Return every message of this module by its name, in the order of definition."""
    return {name: each for name, each in globals().items() if isinstance(each, ErrorMessage)}
