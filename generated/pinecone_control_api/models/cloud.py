from typing import Literal, TypeAlias

Cloud: TypeAlias = Literal["aws", "azure", "gcp"]
"""Public cloud that hosts the index."""
