"""The contract's operations: one function each, by operation id."""

from collections.abc import Callable, Mapping

from pinecone_control.emulator.api.http_messages import Result
from pinecone_control.emulator.operations import backups, collections, indexes, restore_jobs
from pinecone_control.emulator.operations.call import Call

OPERATIONS: Mapping[str, Callable[[Call], Result]] = {
    "list_indexes": indexes.list_indexes,
    "create_index": indexes.create_index,
    "create_index_for_model": indexes.create_index_for_model,
    "describe_index": indexes.describe_index,
    "configure_index": indexes.configure_index,
    "delete_index": indexes.delete_index,
    "list_collections": collections.list_collections,
    "create_collection": collections.create_collection,
    "describe_collection": collections.describe_collection,
    "delete_collection": collections.delete_collection,
    "create_backup": backups.create_backup,
    "list_index_backups": backups.list_index_backups,
    "list_project_backups": backups.list_project_backups,
    "describe_backup": backups.describe_backup,
    "delete_backup": backups.delete_backup,
    "create_index_from_backup_operation": backups.create_index_from_backup,
    "list_restore_jobs": restore_jobs.list_restore_jobs,
    "describe_restore_job": restore_jobs.describe_restore_job,
}

__all__ = ["OPERATIONS", "Call"]
