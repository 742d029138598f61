from typing import Any, TypeAlias

ModelIndexEmbedFieldMap: TypeAlias = dict[str, Any]
"""Which field of a record holds the text to embed: the model's input `text`, mapped to the
field's name."""
