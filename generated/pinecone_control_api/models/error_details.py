from typing import Any, TypeAlias

ErrorDetails: TypeAlias = dict[str, Any]
"""Further facts about the error, in no fixed form. Often absent."""
