"""Indexes: serverless, pod-based and BYOC, dense and sparse, with or without a model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve

from pinecone_control.emulator.api.errors import (
    already_exists,
    failed_precondition,
    forbidden,
    invalid_argument,
    not_found,
)
from pinecone_control.emulator.api.messages import Result
from pinecone_control.emulator.operations import embedding_models, validation
from pinecone_control.emulator.operations.call import Call, microseconds
from pinecone_control.emulator.operations.representations import index_model
from pinecone_control.emulator.state import lifecycle
from pinecone_control.emulator.state.resources import DOMAIN, Index

if TYPE_CHECKING:
    from pinecone_control.emulator.state.resources import Json, RestoreJob


def list_indexes(call: Call) -> Result:
    """List all indexes of the project, in order of name (assumption)."""
    indexes = call.tables.indexes.all(call.project, call.now)
    return Result(200, {"indexes": [index_model(index, call.now) for index in indexes]})


def describe_index(call: Call) -> Result:
    """Describe one index."""
    return Result(200, index_model(call.index(call.path["index_name"]), call.now))


def create_index(call: Call) -> Result:
    """Create an index, Initializing."""
    vector_type, metric, dimension = validation.vectors(call.body)
    check_name_is_free(call, call.body["name"])
    spec = _spec(call, call.body["spec"], vector_type, dimension)
    index = _new_index(call, spec, vector_type, metric, dimension)
    call.tables.indexes.save(call.project, index)
    return Result(201, index_model(index, call.now))


def create_index_for_model(call: Call) -> Result:
    """Create a serverless index whose vectors a hosted model makes."""
    asked = call.body["embed"]
    model = embedding_models.known_model(asked["model"])
    metric = _model_metric(model, asked.get("metric"))
    dimension = _model_dimension(model, asked.get("dimension"))
    check_name_is_free(call, call.body["name"])
    validation.check_region(call.body["cloud"], call.body["region"], call.settings)
    spec = {"serverless": {"cloud": call.body["cloud"], "region": call.body["region"]}}
    index = _new_index(call, spec, model.vector_type, metric, dimension)
    index = evolve(index, embed=embedding_models.embedding(model, asked, metric, dimension))
    call.tables.indexes.save(call.project, index)
    return Result(201, index_model(index, call.now))


def configure_index(call: Call) -> Result:
    """Change what was given, and nothing else."""
    index = call.index(call.path["index_name"])
    if index.gone_at is not None:
        raise invalid_argument(f"Index {index.name} is Terminating.")
    if "spec" in call.body:
        index = _scaled(call, index, call.body["spec"]["pod"])
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
    """Begin to delete an index; a restore that still fills it is cancelled (assumption)."""
    index = call.index(call.path["index_name"])
    if index.deletion_protection == "enabled":
        raise forbidden(
            f"Index {index.name} is under deletion protection; disable it to delete the index."
        )
    pending = [
        collection.name
        for collection in call.tables.collections.all(call.project, call.now)
        if collection.source_index_id == index.index_id
        and lifecycle.collection_status(collection, call.now) == "Initializing"
    ]
    if pending:
        raise failed_precondition(f"Index {index.name} still has pending collections: {pending}")
    if index.gone_at is None:
        _cancel_restore(call, index)
        gone_at = call.now + microseconds(call.settings.index_deletion_seconds)
        call.tables.indexes.save(call.project, evolve(index, gone_at=gone_at))
    return Result(202)


def check_name_is_free(call: Call, name: str) -> None:
    """Refuse a malformed name, and one that an index of the project has.

    Raises:
        HttpError: 400 or 409.
    """
    validation.check_name(name)
    if call.tables.indexes.get(call.project, name, call.now) is not None:
        raise already_exists(f"An index of the name {name} already exists.")


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
    _check_quotas(call, spec)
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
        fails=transition.fails,
        tags=tags,
    )


def _check_quotas(call: Call, spec: Json) -> None:
    others = call.tables.indexes.all(call.project, call.now)
    validation.check_quota(len(others) + 1, call.settings.index_quota, "indexes")
    if "pod" in spec:
        _check_pod_quota(call, [*(other.spec for other in others), spec])


def _check_pod_quota(call: Call, specs: list[Json]) -> None:
    pods = sum(spec["pod"]["pods"] for spec in specs if "pod" in spec)
    validation.check_quota(pods, call.settings.pod_quota, "pods")


def _spec(call: Call, asked: Json, vector_type: str, dimension: int | None) -> Json:
    if "serverless" in asked:
        place = asked["serverless"]
        validation.check_region(place["cloud"], place["region"], call.settings)
    if "pod" in asked:
        if vector_type == "sparse":
            raise invalid_argument("A sparse index is serverless; pods hold dense vectors.")
        asked = {"pod": validation.pod_spec(asked["pod"])}
    (kind,) = asked
    source = asked[kind].get("source_collection")
    if source is not None:
        _check_source_collection(call, source, dimension)
    return asked


def _check_source_collection(call: Call, name: str, dimension: int | None) -> None:
    collection = call.tables.collections.get(call.project, name, call.now)
    if collection is None:
        raise not_found(f"Collection {name[:100]} not found.")
    if lifecycle.collection_status(collection, call.now) != "Ready":
        raise invalid_argument(f"Collection {name} is not Ready.")
    if collection.dimension != dimension:
        raise invalid_argument(
            f"Collection {name} has dimension {collection.dimension}, not {dimension}."
        )


def _scaled(call: Call, index: Index, changes: Json) -> Index:
    if "pod" not in index.spec:
        raise invalid_argument(f"Index {index.name} is not pod-based; it has no pods to configure.")
    if not lifecycle.is_index_usable(index, call.now):
        state = lifecycle.index_state(index, call.now)
        raise invalid_argument(f"Index {index.name} is {state}; only a Ready index can be scaled.")
    spec, scaling = validation.scaled_pod(index.spec["pod"], changes)
    scaled_at = call.now + microseconds(call.settings.scaling_seconds)
    others = call.tables.indexes.all(call.project, call.now)
    specs = [other.spec for other in others if other.name != index.name]
    _check_pod_quota(call, [*specs, {"pod": spec}])
    return evolve(index, spec={"pod": spec}, scaling=scaling, scaled_at=scaled_at)


def _converted(index: Index, asked: Json) -> Json:
    """Return the `embed` of an index after a change; its model can be set, and never changed."""
    if index.embed is not None:
        if asked.get("model", index.embed["model"]) != index.embed["model"]:
            raise invalid_argument(f"The model of index {index.name} cannot be changed.")
        return {**index.embed, **asked}
    if "model" not in asked or "field_map" not in asked:
        raise invalid_argument(
            "To convert an index for a model, give embed.model and embed.field_map."
        )
    if "serverless" not in index.spec:
        raise invalid_argument(f"Index {index.name} is not serverless; it cannot have a model.")
    model = embedding_models.known_model(asked["model"])
    if model.vector_type != index.vector_type:
        raise invalid_argument(f"Model {model.name} makes {model.vector_type} vectors.")
    _model_metric(model, index.metric)
    _model_dimension(model, index.dimension)
    return embedding_models.embedding(model, asked, index.metric, index.dimension)


def _model_metric(model: embedding_models.EmbeddingModel, metric: str | None) -> str:
    if metric is not None and metric not in model.metrics:
        raise invalid_argument(
            f"Model {model.name} supports {', '.join(model.metrics)}; got {metric}."
        )
    return metric or model.metrics[0]


def _model_dimension(model: embedding_models.EmbeddingModel, dimension: int | None) -> int | None:
    if dimension is None:
        return model.dimensions[0] if model.dimensions else None
    if dimension not in model.dimensions:
        known = " or ".join(map(str, model.dimensions)) or "no dimension"
        raise invalid_argument(f"Model {model.name} makes vectors of {known}; got {dimension}.")
    return int(dimension)


def _cancel_restore(call: Call, index: Index) -> None:
    job = _restore_job_of(call, index)
    if job is not None and lifecycle.restore_job_status(job, call.now) == "Pending":
        ended = evolve(job, ends_at=call.now, outcome="Cancelled")
        call.tables.restore_jobs.save(call.project, ended)


def _restore_job_of(call: Call, index: Index) -> RestoreJob | None:
    if index.restore_job_id is None:
        return None
    return call.tables.restore_jobs.get(call.project, index.restore_job_id)
