from typing import Any, TypeAlias

IndexEmbedWriteParameters: TypeAlias = dict[str, Any]
"""Model settings used for the text of stored records, such as `input_type` and `truncate`.
Defaults depend on the model."""
