from __future__ import annotations

from typing import Any

import attrs

from .. import base


@attrs.frozen(kw_only=True, eq=False, repr=False, getstate_setstate=False)
class ModelIndexEmbed(base.Model):
    """The hosted embedding model of an index and how text reaches it.

    Attributes:
        model (str): Name of the hosted embedding model.
        metric (str, optional): How the similarity of two vectors is measured. Fixed at
            creation; the model's own choice unless one was given. Known values: `cosine`,
            `euclidean`, `dotproduct`; other values are kept.
        dimension (int, optional): Length of the vectors that the model produces, 1 to
            20000.
        vector_type (str, optional): Kind of the vectors that the model produces: `dense` or
            `sparse`.
        field_map (dict[str, Any], optional): Which field of a record holds the text to
            embed: the model's input `text`, mapped to the field's name.
        read_parameters (dict[str, Any], optional): Model settings used for the text of
            queries, such as `input_type` and `truncate`. Defaults depend on the model.
        write_parameters (dict[str, Any], optional): Model settings used for the text of
            stored records, such as `input_type` and `truncate`. Defaults depend on the model.
    """

    model: str
    metric: str | None = None
    dimension: int | None = None
    vector_type: str | None = None
    field_map: dict[str, Any] | None = None
    read_parameters: dict[str, Any] | None = None
    write_parameters: dict[str, Any] | None = None


# Last, so that models can refer to each other.
