from typing import Any, TypeAlias

ConfigureIndexEmbedReadParameters: TypeAlias = dict[str, Any]
"""Model settings used for the text of queries, such as `input_type` and `truncate`. Defaults
depend on the model."""
