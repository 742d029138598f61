from __future__ import annotations

from typing import Any

import attrs

from .. import base


@attrs.frozen(kw_only=True, eq=False, repr=False, getstate_setstate=False)
class ConfigureIndexEmbed(base.Model):
    """Settings of the hosted embedding model. Naming a `model` and a `field_map` gives an index a
    model it did not have; that model must fit the index's vector type, dimension and metric,
    and is fixed from then on.

    Attributes:
        model (str, optional): Name of the hosted embedding model. It can be set once; its
            vectors must have the index's dimension, and it must support the index's metric.
        field_map (dict[str, Any], optional): Which field of a record holds the text to
            embed: the model's input `text`, mapped to the field's name.
        read_parameters (dict[str, Any], optional): Model settings used for the text of
            queries, such as `input_type` and `truncate`. Defaults depend on the model.
        write_parameters (dict[str, Any], optional): Model settings used for the text of
            stored records, such as `input_type` and `truncate`. Defaults depend on the model.
    """

    model: str | None = None
    field_map: dict[str, Any] | None = None
    read_parameters: dict[str, Any] | None = None
    write_parameters: dict[str, Any] | None = None


# Last, so that models can refer to each other.
