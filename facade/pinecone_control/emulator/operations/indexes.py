"""Operations on indexes: serverless, pod-based, BYOC; dense, sparse; with or without a model."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from attrs import evolve

from pinecone_control.emulator.api import error_messages as errors
from pinecone_control.emulator.api import paging
from pinecone_control.emulator.api.http_messages import Result
from pinecone_control.emulator.operations import embedding_models, read_capacity, validation
from pinecone_control.emulator.operations.call import Call, microseconds
from pinecone_control.emulator.operations.representations import index_model
from pinecone_control.emulator.state import resource_status
from pinecone_control.emulator.state.resources import DOMAIN, Index

if TYPE_CHECKING:
    from pinecone_control.emulator.state.resources import Json, RestoreJob


def list_indexes(call: Call) -> Result:
    """List all indexes of the project, sorted by name (assumption); in pages in 2026-07."""
    indexes = call.tables.indexes.all(call.project, call.now)
    if call.pages_indexes and call.query.keys() & {"limit", "paginationToken"}:
        requested = paging.window(call.query)
        rows = indexes[requested.offset : requested.offset + requested.limit]
        listed = paging.page(requested, rows, len(indexes), partial(index_model, now=call.now))
        return Result(200, {"indexes": listed.pop("data"), **listed})
    return Result(200, {"indexes": [index_model(index, call.now) for index in indexes]})


def describe_index(call: Call) -> Result:
    """Describe one index."""
    return Result(200, index_model(call.index(call.path["index_name"]), call.now))


def create_index(call: Call) -> Result:
    """Create an index; its first state is Initializing."""
    vector_type, metric, dimension = validation.vectors(call.body)
    check_name_is_free(call, call.body["name"])
    spec = _spec(call, call.body["spec"], vector_type, dimension)
    index = _new_index(call, spec, vector_type, metric, dimension)
    call.tables.indexes.save(call.project, index)
    return Result(201, index_model(index, call.now))


def create_index_for_model(call: Call) -> Result:
    """Create a serverless index whose vectors a hosted model makes."""
    requested = call.body["embed"]
    model = embedding_models.known_model(requested["model"])
    embedding_models.check_field_map(requested["field_map"])
    metric = _model_metric(model, requested.get("metric"))
    dimension = _model_dimension(model, requested.get("dimension"))
    check_name_is_free(call, call.body["name"])
    validation.check_region(call.body["cloud"], call.body["region"], call.settings)
    spec = {"serverless": {"cloud": call.body["cloud"], "region": call.body["region"]}}
    index = _new_index(call, spec, model.vector_type, metric, dimension)
    index = evolve(index, embed=embedding_models.embedding(model, requested, metric, dimension))
    call.tables.indexes.save(call.project, index)
    return Result(201, index_model(index, call.now))


def configure_index(call: Call) -> Result:
    """Change the given properties of an index, and no others."""
    index = call.index(call.path["index_name"])
    if index.gone_at is not None:
        raise errors.INDEX_NOT_READY.error(name=index.name, state="Terminating")
    if "spec" in call.body:
        index = _scaled(call, index, call.body["spec"]["pod"])
    if "read_capacity" in call.beyond:
        index = evolve(index, read_capacity=_read_capacity(call, index.spec))
    if "embed" in call.body:
        index = evolve(index, embed=_converted(index, call.body["embed"]))
    index = evolve(
        index,
        tags=validation.merged_tags(index.tags, call.body.get("tags", {})),
        deletion_protection=call.body.get("deletion_protection", index.deletion_protection),
    )
    call.tables.indexes.save(call.project, index)
    return Result(202, index_model(index, call.now))


def delete_index(call: Call) -> Result:
    """Start to delete an index; a pending restore into it is cancelled (assumption)."""
    index = call.index(call.path["index_name"])
    if index.deletion_protection == "enabled":
        raise errors.DELETION_PROTECTED.error()
    pending = [
        collection.name
        for collection in call.tables.collections.all(call.project, call.now)
        if collection.source_index_id == index.index_id
        and resource_status.collection_status(collection, call.now) == "Initializing"
    ]
    if pending:
        raise errors.PENDING_COLLECTIONS.error(names=pending)
    if index.gone_at is None:
        _cancel_restore(call, index)
        gone_at = call.now + microseconds(call.settings.index_deletion_seconds)
        call.tables.indexes.save(call.project, evolve(index, gone_at=gone_at))
        call.tables.backups.note_deletion(call.project, index.index_id, call.now)
    return Result(202)


def check_name_is_free(call: Call, name: str) -> None:
    """Refuse a malformed name, and one that another index of the project has.

    Raises:
        HttpError: 400 or 409.
    """
    validation.check_name("Index", name)
    if call.tables.indexes.get(call.project, name, call.now) is not None:
        raise errors.ALREADY_EXISTS.error()


def check_index_quota(call: Call) -> None:
    """Refuse one more index than the project's quota allows.

    Raises:
        HttpError: 403.
    """
    indexes = call.tables.indexes.all(call.project, call.now)
    if validation.is_used_up(call.settings.index_quota, len(indexes)):
        raise errors.INDEX_QUOTA.error()


def host_of(call: Call, name: str, spec: Json) -> str:
    """Return the host of an index, which contains its name (contract)."""
    place = spec.get("serverless") or spec.get("pod") or spec["byoc"]
    where = f"{place['region']}-{place['cloud']}" if "region" in place else place["environment"]
    label = "".join(c if c.isascii() and c.isalnum() else "-" for c in where.lower())[:60]
    return f"{name}-{call.random.word(call.project, 'host')}.svc.{label}.{DOMAIN}"


def _new_index(
    call: Call, spec: Json, vector_type: str, metric: str, dimension: int | None
) -> Index:
    name = call.body["name"]
    tags = validation.merged_tags({}, call.body.get("tags", {}))
    check_index_quota(call)
    _check_pod_quota(call, spec, name)
    transition = call.plans.next_transition("index", name, call.settings.index_seconds)
    return Index(
        name=name,
        index_id=call.random.uuid(call.project, "index", call.number("index")),
        host=host_of(call, name, spec),
        spec=spec,
        metric=metric,
        vector_type=vector_type,
        dimension=dimension,
        deletion_protection=call.body.get("deletion_protection", "disabled"),
        created_at=call.now,
        ready_at=call.now + transition.duration,
        outcome=transition.outcome,
        tags=tags,
        record_count=_source_count(call, spec),
        read_capacity=_read_capacity(call, spec),
        schema=call.beyond.get("schema"),
        fields=call.beyond.get("fields"),
    )


def _source_count(call: Call, spec: Json) -> int:
    """Return the number of vectors of the source collection, if there is one."""
    (place,) = spec.values()
    source = place.get("source_collection")
    collection = source and call.tables.collections.get(call.project, source, call.now)
    return collection.vector_count if collection else 0


def _read_capacity(call: Call, spec: Json) -> Json | None:
    if "read_capacity" not in call.beyond:
        return None
    if "pod" in spec:
        raise errors.NO_READ_CAPACITY.error(name=call.path.get("index_name", call.body.get("name")))
    return read_capacity.checked(call.beyond["read_capacity"])


def _check_pod_quota(call: Call, spec: Json, name: str) -> None:
    """Refuse more pods, of all indexes together, than the project's quota allows."""
    quota = call.settings.pod_quota
    if quota is None or "pod" not in spec:
        return
    indexes = call.tables.indexes.all(call.project, call.now)
    others = [index.spec for index in indexes if index.name != name]
    pods = sum(each["pod"]["pods"] for each in (*others, spec) if "pod" in each)
    if pods > quota:
        raise errors.POD_QUOTA.error(quota=quota, excess=pods - quota)


def _spec(call: Call, requested: Json, vector_type: str, dimension: int | None) -> Json:
    if "serverless" in requested:
        place = requested["serverless"]
        validation.check_region(place["cloud"], place["region"], call.settings)
    if "pod" in requested:
        if vector_type == "sparse":
            raise errors.SPARSE_PODS.error()
        requested = {"pod": validation.pod_spec(requested["pod"])}
    (kind,) = requested
    source = requested[kind].get("source_collection")
    if source is not None:
        _check_source_collection(call, source, requested[kind].get("environment"), dimension)
    return requested


def _check_source_collection(
    call: Call, name: str, environment: str | None, dimension: int | None
) -> None:
    collection = call.tables.collections.get(call.project, name, call.now)
    if collection is None:
        raise errors.SOURCE_NOT_FOUND.error(name=name)
    if resource_status.collection_status(collection, call.now) != "Ready":
        raise errors.COLLECTION_NOT_READY.error(name=name)
    if environment is not None and collection.environment != environment:
        raise errors.COLLECTION_ENVIRONMENT.error()
    if collection.dimension != dimension:
        raise errors.COLLECTION_DIMENSION.error()


def _scaled(call: Call, index: Index, changes: Json) -> Index:
    if "pod" not in index.spec:
        raise errors.NO_PODS.error(name=index.name)
    if not resource_status.is_index_usable(index, call.now):
        state = resource_status.index_state(index, call.now)
        raise errors.INDEX_NOT_READY.error(name=index.name, state=state)
    spec, scaling = validation.scaled_pod(index.spec["pod"], changes)
    scaled_at = call.now + microseconds(call.settings.scaling_seconds)
    _check_pod_quota(call, {"pod": spec}, index.name)
    return evolve(index, spec={"pod": spec}, scaling=scaling, scaled_at=scaled_at)


def _converted(index: Index, requested: Json) -> Json:
    """Return the `embed` of an index after a change; a model can be set once, never changed."""
    if index.embed is not None:
        if requested.get("model", index.embed["model"]) != index.embed["model"]:
            raise errors.MODEL_FIXED.error(name=index.name)
        return {**index.embed, **requested}
    if "model" not in requested or "field_map" not in requested:
        raise errors.MODEL_INCOMPLETE.error()
    if "serverless" not in index.spec:
        raise errors.MODEL_NOT_SERVERLESS.error(name=index.name)
    model = embedding_models.known_model(requested["model"])
    embedding_models.check_field_map(requested["field_map"])
    if model.vector_type != index.vector_type:
        raise errors.MODEL_VECTORS.error(model=model.name, vector_type=model.vector_type)
    _model_metric(model, index.metric)
    _model_dimension(model, index.dimension)
    return embedding_models.embedding(model, requested, index.metric, index.dimension)


def _model_metric(model: embedding_models.EmbeddingModel, metric: str | None) -> str:
    if metric is not None and metric not in model.metrics:
        raise errors.MODEL_METRIC.error(
            metric=metric, model=model.name, known=", ".join(model.metrics)
        )
    return metric or model.metrics[0]


def _model_dimension(model: embedding_models.EmbeddingModel, dimension: int | None) -> int | None:
    if dimension is None:
        return model.dimensions[0] if model.dimensions else None
    if dimension not in model.dimensions:
        known = " or ".join(map(str, model.dimensions)) or "no dimension"
        raise errors.MODEL_DIMENSION.error(model=model.name, known=known, dimension=dimension)
    return int(dimension)


def _cancel_restore(call: Call, index: Index) -> None:
    job = _restore_job_of(call, index)
    if job is not None and resource_status.restore_job_status(job, call.now) == "Pending":
        ended = evolve(job, ends_at=call.now, outcome="Cancelled")
        call.tables.restore_jobs.save(call.project, ended)


def _restore_job_of(call: Call, index: Index) -> RestoreJob | None:
    if index.restore_job_id is None:
        return None
    return call.tables.restore_jobs.get(call.project, index.restore_job_id)
