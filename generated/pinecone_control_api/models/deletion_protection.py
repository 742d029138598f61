from typing import Literal, TypeAlias

DeletionProtection: TypeAlias = Literal["disabled", "enabled"]
"""Guards an index against deletion: while `enabled`, `delete_index` is refused with 403. A new
index has it `disabled` unless told otherwise."""
