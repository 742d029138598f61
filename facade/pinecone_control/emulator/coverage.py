"""The parts of the contract that the emulator implements, with the evidence for each.

The table in the documentation is generated from this and from the contract; the generation fails if
the contract documents a status that is missing here.
"""

from __future__ import annotations

from typing import Literal

from attrs import frozen

Evidence = Literal["contract", "documentation", "assumption"]


@frozen
class Implemented:
    """A status that the emulator returns by itself.

    Attributes:
        occasion: when it does.
        evidence: source of the occasion; that the status exists is always from the contract.
    """

    occasion: str
    evidence: Evidence


INJECTABLE = {
    402: "an overdue bill",
    500: "a failure of the service",
}
"""Documented statuses that an emulator never sends by itself."""

_UNAUTHORIZED = Implemented("no key, or one that is not among `api_keys`", "contract")
_UNREADABLE = Implemented(
    "the body is not JSON, lacks a field, or has a field of the wrong type", "contract"
)
_TAKEN = Implemented("the name is taken, even by one that is Terminating", "contract")
_NO_INDEX = Implemented("no index of that name", "contract")
_NO_BACKUP = Implemented("no backup of that id", "contract")
_NO_COLLECTION = Implemented("no collection of that name", "contract")
_NO_REGION = Implemented("the cloud has no such region (`settings.regions`)", "contract")
_PAGE = Implemented("a page, newest first, with an offset token", "documentation")
_VECTORS = "a dense index without a dimension, a sparse one with a dimension or another metric"

IMPLEMENTED: dict[str, dict[int, Implemented]] = {
    "list_indexes": {
        200: Implemented("all indexes, sorted by name", "assumption"),
        401: _UNAUTHORIZED,
    },
    "create_index": {
        201: Implemented("a new index, Initializing", "contract"),
        400: Implemented(f"an invalid name, tag or pod type; {_VECTORS}", "contract"),
        401: _UNAUTHORIZED,
        403: Implemented("`settings.index_quota` or `settings.pod_quota` is used up", "contract"),
        404: Implemented("no such region, or no such source collection", "contract"),
        409: _TAKEN,
        422: _UNREADABLE,
    },
    "create_index_for_model": {
        201: Implemented("a new index with the model's dimension and metric", "contract"),
        400: Implemented("an unknown model, or a metric it does not support", "assumption"),
        401: _UNAUTHORIZED,
        404: _NO_REGION,
        409: _TAKEN,
        422: _UNREADABLE,
    },
    "describe_index": {
        200: Implemented("its state at the emulator's current time", "contract"),
        401: _UNAUTHORIZED,
        404: _NO_INDEX,
    },
    "configure_index": {
        202: Implemented("tags merged, protection, pods or embedding changed", "contract"),
        400: Implemented(
            "pods for an index without pods, a smaller pod size, another model", "assumption"
        ),
        401: _UNAUTHORIZED,
        403: Implemented("`settings.pod_quota` is used up", "contract"),
        404: _NO_INDEX,
        422: _UNREADABLE,
    },
    "delete_index": {
        202: Implemented("Terminating, then gone; a pending restore is cancelled", "assumption"),
        401: _UNAUTHORIZED,
        403: Implemented("deletion protection is enabled", "contract"),
        404: _NO_INDEX,
        412: Implemented("a collection is still being made from it", "contract"),
    },
    "list_collections": {
        200: Implemented("all collections, sorted by name", "assumption"),
        401: _UNAUTHORIZED,
    },
    "create_collection": {
        201: Implemented("a new collection of a Ready pod index", "contract"),
        400: Implemented(
            "a malformed name; a source index without pods, or no such index", "assumption"
        ),
        401: _UNAUTHORIZED,
        403: Implemented("`settings.collection_quota` is used up", "contract"),
        409: _TAKEN,
        422: _UNREADABLE,
    },
    "describe_collection": {
        200: Implemented("its sizes once it is Ready", "assumption"),
        401: _UNAUTHORIZED,
        404: _NO_COLLECTION,
    },
    "delete_collection": {
        202: Implemented("Terminating, then gone", "contract"),
        401: _UNAUTHORIZED,
        404: _NO_COLLECTION,
    },
    "create_backup": {
        201: Implemented("a new backup of a Ready serverless or BYOC index", "documentation"),
        400: Implemented("a pod index, or one that is not Ready", "documentation"),
        401: _UNAUTHORIZED,
        403: Implemented("`settings.backup_quota` is used up", "contract"),
        422: _UNREADABLE,
    },
    "list_index_backups": {
        200: _PAGE,
        401: _UNAUTHORIZED,
        404: _NO_INDEX,
    },
    "list_project_backups": {200: _PAGE, 401: _UNAUTHORIZED},
    "describe_backup": {
        200: Implemented("Initializing, Ready or InitializationFailed", "documentation"),
        401: _UNAUTHORIZED,
        404: _NO_BACKUP,
    },
    "delete_backup": {
        202: Implemented("gone at once", "assumption"),
        401: _UNAUTHORIZED,
        404: _NO_BACKUP,
        412: Implemented("restore jobs still read from it; the message names them", "contract"),
    },
    "create_index_from_backup_operation": {
        202: Implemented("a restore job, and an index that inherits from the backup", "contract"),
        400: Implemented("a malformed name or tag; a backup that is not Ready", "assumption"),
        401: _UNAUTHORIZED,
        403: Implemented("`settings.index_quota` is used up", "contract"),
        404: _NO_BACKUP,
        409: _TAKEN,
        422: _UNREADABLE,
    },
    "list_restore_jobs": {200: _PAGE, 401: _UNAUTHORIZED},
    "describe_restore_job": {
        200: Implemented("Pending, Completed, Failed or Cancelled", "documentation"),
        401: _UNAUTHORIZED,
        404: Implemented("no restore job of that id", "contract"),
    },
}
"""By operation id, the documented statuses that the emulator returns by itself."""

_LATER = "an invalid limit or token"

UNDOCUMENTED: dict[str, dict[int, Implemented]] = {
    "list_index_backups": {400: Implemented(_LATER, "documentation")},
    "list_project_backups": {400: Implemented(_LATER, "documentation")},
    "list_restore_jobs": {400: Implemented(_LATER, "documentation")},
    "create_backup": {404: Implemented("no index of that name", "assumption")},
    "create_index_for_model": {
        403: Implemented("`settings.index_quota` is used up", "assumption"),
    },
}
"""By operation id, statuses that it returns although the contract does not document them."""

UNDOCUMENTED_EVERYWHERE: dict[int, Implemented] = {
    400: Implemented(
        "a path or query that cannot be percent-decoded; an API version that is not supported",
        "assumption",
    ),
    403: Implemented("a web page of another origin, or another host (only HTTP)", "assumption"),
    413: Implemented("a body over `settings.body_limit`", "assumption"),
    501: Implemented("an operation that the emulator does not implement", "assumption"),
}
"""The same for every operation. Paths outside the contract get a 404, other methods a 405."""


ACCEPTED_BEYOND_CONTRACT: dict[str, str] = {
    "null for an optional property of a request, which counts as absent": (
        "Python SDK 9 sends it for `metadata_config`, `source_collection`, `tags`, `dimension` "
        "and others"
    ),
    "empty tags in a restore, which count as no tags": "Python SDK 7 always sends them",
    "an empty `paginationToken`, which means the first page": "assumption",
    "an API version before 2025-04, which gets responses of 2025-04": (
        "assumption; `x-pinecone-api-version` of the response says so"
    ),
    "an API version that is sent twice": "Python SDK 8 sends `2025-10, 2025-10`",
    "`GET` and `POST /describe_index_stats` on an index's host over HTTP": (
        "the official SDKs' restore tests; every other request there is a 501"
    ),
}
"""Requests that the emulator serves although the contract forbids them, with the evidence."""


@frozen
class Difference:
    """A feature that an API version adds to 2025-04 and that the emulator implements."""

    version: str
    what: str
    evidence: Literal["contract", "documentation", "suite", "assumption"]


_NEWER_CONTRACTS = "2025-10, 2026-04"

DIFFERENCES: tuple[Difference, ...] = (
    Difference(
        _NEWER_CONTRACTS,
        "`read_capacity` in serverless and BYOC specs: stored, shown with its status and "
        "configurable; changes take effect at once",
        "contract",
    ),
    Difference(
        _NEWER_CONTRACTS,
        "`schema` of the metadata: stored with index, backup and restored index; filters nothing",
        "contract",
    ),
    Difference(
        _NEWER_CONTRACTS,
        "open enums in responses; an unknown cloud or metric in a request is still a 422, unless "
        "the contract that the client is generated from leaves these enums open too",
        "assumption",
    ),
    Difference(
        "2026-07",
        "`schema` of fields and `deployment` in place of `spec`, `dimension`, `metric`, `embed`; "
        "field names are stored; a schema without a searchable field is a 422",
        "documentation",
    ),
    Difference(
        "2026-07",
        "without `deployment`, an index is managed on AWS in us-east-1; without `name`, it gets a "
        "generated one",
        "documentation",
    ),
    Difference(
        "2026-07",
        "creating a pod index is a 400; existing ones are shown and can be scaled",
        "documentation",
    ),
    Difference(
        "2026-07",
        "a backup has its index's `schema`, and `source_index_deleted_at` after the index is "
        "deleted; `include_deleted` lists the backups of all indexes that ever had this name",
        "documentation",
    ),
    Difference("2026-07", "`limit` and page tokens of `list_indexes`", "assumption"),
)


def is_known_to_be_undocumented(operation_id: str, status: int) -> bool:
    """Return whether the emulator returns an undocumented status on purpose."""
    return status in UNDOCUMENTED.get(operation_id, {}) or status in UNDOCUMENTED_EVERYWHERE
