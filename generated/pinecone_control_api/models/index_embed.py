from __future__ import annotations

from typing import Any

import attrs

from .. import base


@attrs.frozen(kw_only=True, eq=False, repr=False, getstate_setstate=False)
class IndexEmbed(base.Model):
    """The embedding model and how text reaches it. The model is fixed from then on; the field map
    and the parameters can be changed with `configure_index`.

    Attributes:
        model (str): Name of the hosted embedding model.
        field_map (dict[str, Any]): Which field of a record holds the text to embed: the
            model's input `text`, mapped to the field's name.
        metric (Metric, optional): How the similarity of two vectors is measured. When
            absent, the model decides; fixed from then on.
        dimension (int, optional): Length of the vectors to produce. When absent, the model
            decides.
        read_parameters (dict[str, Any], optional): Model settings used for the text of
            queries, such as `input_type` and `truncate`. Defaults depend on the model.
        write_parameters (dict[str, Any], optional): Model settings used for the text of
            stored records, such as `input_type` and `truncate`. Defaults depend on the model.
    """

    model: str
    field_map: dict[str, Any]
    metric: Metric | None = None
    dimension: int | None = None
    read_parameters: dict[str, Any] | None = None
    write_parameters: dict[str, Any] | None = None


# Last, so that models can refer to each other.
from ..models.metric import Metric
