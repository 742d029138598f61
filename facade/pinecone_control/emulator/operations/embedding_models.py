"""Facts about the hosted embedding models (assumption: the public list of models)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from pinecone_control.emulator.api import error_messages as errors

if TYPE_CHECKING:
    from pinecone_control.emulator.state.resources import Json


@frozen
class EmbeddingModel:
    """The properties of a model's indexes; the first metric and dimension are the defaults."""

    name: str
    vector_type: str
    metrics: tuple[str, ...]
    dimensions: tuple[int, ...]


MODELS = {
    model.name: model
    for model in (
        EmbeddingModel("multilingual-e5-large", "dense", ("cosine", "euclidean"), (1024,)),
        EmbeddingModel(
            "llama-text-embed-v2", "dense", ("cosine", "dotproduct"), (1024, 2048, 768, 512, 384)
        ),
        EmbeddingModel("pinecone-sparse-english-v0", "sparse", ("dotproduct",), ()),
    )
}


def known_model(name: str) -> EmbeddingModel:
    """Return the model of a name.

    Raises:
        HttpError: 400.
    """
    if name not in MODELS:
        raise errors.MODEL_NOT_FOUND.error(name=name)
    return MODELS[name]


def check_field_map(field_map: Json) -> None:
    """Refuse a field map without the key that the models read: `text`, for all of them.

    Raises:
        HttpError: 400.
    """
    if "text" not in field_map:
        raise errors.FIELD_MAP_KEY.error(key="text")


def embedding(model: EmbeddingModel, requested: Json, metric: str, dimension: int | None) -> Json:
    """Return the `embed` part of an index, completed with the model's parameters."""
    embed = {
        "model": model.name,
        "metric": metric,
        "dimension": dimension,
        "vector_type": model.vector_type,
        "field_map": requested.get("field_map", {}),
        "read_parameters": {
            "input_type": "query",
            "truncate": "END",
            **requested.get("read_parameters", {}),
        },
        "write_parameters": {
            "input_type": "passage",
            "truncate": "END",
            **requested.get("write_parameters", {}),
        },
    }
    return {name: value for name, value in embed.items() if value is not None}
