"""The eighteen operations: how each is called, and the response of a well-behaved server."""

from collections.abc import Callable
from typing import Any

from attrs import field, frozen

from pinecone_control import ServerlessSpec
from scripts.proofs.completed_answers import completed
from scripts.proofs.fault_matrix.server import Answer, Received

INDEX = completed(
    "IndexModel",
    {
        "name": "docs",
        "dimension": 3,
        "metric": "cosine",
        "host": "docs-1.example",
        "deletion_protection": "disabled",
        "spec": {"serverless": {"cloud": "aws", "region": "us-east-1"}},
        "status": {"ready": True, "state": "Ready"},
        "vector_type": "dense",
    },
)
COLLECTION = {"name": "copy", "status": "Ready", "environment": "us-east-1-aws", "dimension": 3}
BACKUP = {
    "backup_id": "b-1",
    "source_index_name": "docs",
    "source_index_id": "i-1",
    "status": "Ready",
    "cloud": "aws",
    "region": "us-east-1",
}
JOB = {
    "restore_job_id": "j-1",
    "backup_id": "b-1",
    "target_index_name": "docs",
    "target_index_id": "i-1",
    "status": "Completed",
    "created_at": "2025-05-15T13:59:51.439479+00:00",
}


@frozen
class Operation:
    """One operation of the contract.

    Attributes:
        name: its operation id.
        method: HTTP method.
        use: how to call it.
        status: the documented success.
        body: the documented body; None where there is none.
        required: a required field; None if there is none.
        mistyped: fields of a wrong type.
        kind: path to a field with a set of known values; None where there is none.
        is_paged: whether its responses have page tokens.
    """

    name: str
    method: str
    use: Callable[[Any], Any]
    status: int = 200
    body: dict[str, Any] | None = None
    required: str | None = None
    mistyped: dict[str, Any] = field(factory=dict)
    kind: tuple[str, ...] | None = None
    is_paged: bool = False

    @property
    def good(self) -> Answer:
        return Answer(self.status, b"" if self.body is None else self.body)

    def with_kind(self, value: str) -> dict[str, Any]:
        """Return the body with another value of its enumerated field."""
        changed: dict[str, Any] = _with(self.body or {}, self.kind or (), value)
        return changed


def _with(body: Any, path: tuple[str, ...], value: object) -> Any:
    if not path:
        return value
    if isinstance(body, list):
        return [_with(body[0], path, value), *body[1:]]
    return {**body, path[0]: _with(body[path[0]], path[1:], value)}


STATE = ("status", "state")
INDEX_ANSWER: dict[str, Any] = {
    "body": INDEX,
    "required": "name",
    "mistyped": {"dimension": "three"},
    "kind": STATE,
}
COLLECTION_ANSWER: dict[str, Any] = {
    "body": COLLECTION,
    "required": "name",
    "mistyped": {"dimension": "three"},
    "kind": ("status",),
}
BACKUP_ANSWER: dict[str, Any] = {
    "body": BACKUP,
    "required": "backup_id",
    "mistyped": {"status": 7},
    "kind": ("status",),
}
LISTED: dict[str, Any] = {"kind": ("data", "status"), "mistyped": {"data": 7}, "is_paged": True}

OPERATIONS = [
    Operation(
        "list_indexes",
        "GET",
        lambda pc: pc.list_indexes(),
        body={"indexes": [INDEX]},
        mistyped={"indexes": 7},
        kind=("indexes", *STATE),
    ),
    Operation(
        "create_index",
        "POST",
        lambda pc: pc.create_index(
            "docs", spec=ServerlessSpec(cloud="aws", region="us-east-1"), dimension=3
        ),
        201,
        **INDEX_ANSWER,
    ),
    Operation(
        "create_index_for_model",
        "POST",
        lambda pc: pc.create_index_for_model(
            "docs", cloud="aws", region="r", embed={"model": "m", "field_map": {"text": "t"}}
        ),
        201,
        **INDEX_ANSWER,
    ),
    Operation("describe_index", "GET", lambda pc: pc.describe_index("docs"), **INDEX_ANSWER),
    Operation(
        "configure_index",
        "PATCH",
        lambda pc: pc.configure_index("docs", tags={"a": "b"}),
        202,
        **INDEX_ANSWER,
    ),
    Operation("delete_index", "DELETE", lambda pc: pc.delete_index("docs"), 202),
    Operation(
        "list_collections",
        "GET",
        lambda pc: pc.list_collections(),
        body={"collections": [COLLECTION]},
        mistyped={"collections": 7},
        kind=("collections", "status"),
    ),
    Operation(
        "create_collection",
        "POST",
        lambda pc: pc.create_collection("copy", source="pods"),
        201,
        **COLLECTION_ANSWER,
    ),
    Operation(
        "describe_collection",
        "GET",
        lambda pc: pc.describe_collection("copy"),
        **COLLECTION_ANSWER,
    ),
    Operation("delete_collection", "DELETE", lambda pc: pc.delete_collection("copy"), 202),
    Operation(
        "create_backup",
        "POST",
        lambda pc: pc.create_backup("docs", name="nightly"),
        201,
        **BACKUP_ANSWER,
    ),
    Operation(
        "list_index_backups",
        "GET",
        lambda pc: pc.list_backups("docs"),
        body={"data": [BACKUP]},
        **LISTED,
    ),
    Operation(
        "list_project_backups",
        "GET",
        lambda pc: pc.list_backups(),
        body={"data": [BACKUP]},
        **LISTED,
    ),
    Operation("describe_backup", "GET", lambda pc: pc.describe_backup("b-1"), **BACKUP_ANSWER),
    Operation("delete_backup", "DELETE", lambda pc: pc.delete_backup("b-1"), 202),
    Operation(
        "create_index_from_backup_operation",
        "POST",
        lambda pc: pc.create_index_from_backup("b-1", name="docs"),
        202,
        body={"restore_job_id": "j-1", "index_id": "i-1"},
        required="restore_job_id",
        mistyped={"index_id": 7},
    ),
    Operation(
        "list_restore_jobs",
        "GET",
        lambda pc: pc.list_restore_jobs(),
        body={"data": [JOB], "pagination": None},
        required="data",
        **LISTED,
    ),
    Operation(
        "describe_restore_job",
        "GET",
        lambda pc: pc.describe_restore_job("j-1"),
        body=JOB,
        required="restore_job_id",
        mistyped={"created_at": 7},
        kind=("status",),
    ),
]

HEALTH = "health"
"""The restore job that is described after a cell, to check that the client still works."""


def good_server(operation: Operation) -> Callable[[Received, int], Answer]:
    """Return the responses of a well-behaved server, which returns 404 for what it has deleted."""

    def good(received: Received, done_before: int) -> Answer:
        if received.path.endswith(HEALTH):
            return Answer(body=JOB)
        if received.method == "DELETE" and done_before:
            return Answer(404, {"error": {"code": "NOT_FOUND", "message": "no such resource"}})
        return operation.good

    return good
