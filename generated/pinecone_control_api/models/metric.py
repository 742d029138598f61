from typing import Literal, TypeAlias

Metric: TypeAlias = Literal["cosine", "dotproduct", "euclidean"]
"""How the similarity of two vectors is measured. When absent, the model decides; fixed from
then on."""
