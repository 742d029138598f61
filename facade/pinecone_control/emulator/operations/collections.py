"""Operations on collections, which are static copies of pod indexes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve

from pinecone_control.emulator.api import error_messages as errors
from pinecone_control.emulator.api.http_messages import Result
from pinecone_control.emulator.operations import validation
from pinecone_control.emulator.operations.call import Call, microseconds
from pinecone_control.emulator.operations.representations import collection_model
from pinecone_control.emulator.state import resource_status
from pinecone_control.emulator.state.resources import Collection

if TYPE_CHECKING:
    from pinecone_control.emulator.state.resources import Index


def list_collections(call: Call) -> Result:
    """List all collections of the project, sorted by name (assumption)."""
    collections = call.tables.collections.all(call.project, call.now)
    return Result(
        200,
        {"collections": [collection_model(each, call.now) for each in collections]},
    )


def describe_collection(call: Call) -> Result:
    """Describe one collection."""
    return Result(200, collection_model(_collection(call), call.now))


def create_collection(call: Call) -> Result:
    """Create a collection of a pod index; its first state is Initializing.

    A source that cannot be copied is a 400: the contract documents no 404 here.
    """
    name = call.body["name"]
    validation.check_name("Collection", name)
    if call.tables.collections.get(call.project, name, call.now) is not None:
        raise errors.ALREADY_EXISTS.error()
    index = _source(call, call.body["source"])
    quota, count = (
        call.settings.collection_quota,
        len(call.tables.collections.all(call.project, call.now)),
    )
    if validation.is_used_up(quota, count):
        raise errors.COLLECTION_QUOTA.error(quota=quota, count=count)
    collection = _new_collection(call, name, index)
    call.tables.collections.save(call.project, collection)
    return Result(201, collection_model(collection, call.now))


def delete_collection(call: Call) -> Result:
    """Start to delete a collection."""
    collection = _collection(call)
    if collection.gone_at is None:
        gone_at = call.now + microseconds(call.settings.collection_deletion_seconds)
        call.tables.collections.save(call.project, evolve(collection, gone_at=gone_at))
    return Result(202)


def _collection(call: Call) -> Collection:
    name = call.path["collection_name"]
    collection = call.tables.collections.get(call.project, name, call.now)
    if collection is None:
        raise errors.COLLECTION_NOT_FOUND.error(name=name)
    return collection


def _source(call: Call, name: str) -> Index:
    index = call.tables.indexes.get(call.project, name, call.now)
    if index is None:
        raise errors.SOURCE_INDEX_NOT_FOUND.error(name=name)
    if "pod" not in index.spec:
        raise errors.SOURCE_WITHOUT_PODS.error(name=name)
    if not resource_status.is_index_usable(index, call.now):
        raise errors.SOURCE_INDEX_NOT_READY.error()
    return index


def _new_collection(call: Call, name: str, index: Index) -> Collection:
    transition = call.plans.next_transition("collection", name, call.settings.collection_seconds)
    return Collection(
        name=name,
        collection_id=call.random.uuid(call.project, "collection", call.number("collection")),
        source_index_id=index.index_id,
        source_index_name=index.name,
        environment=index.spec["pod"]["environment"],
        dimension=index.dimension,
        size=index.record_count * 4 * (index.dimension or 1),
        vector_count=index.record_count,
        created_at=call.now,
        ready_at=call.now + transition.duration,
    )
