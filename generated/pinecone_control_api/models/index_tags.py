from typing import TypeAlias

IndexTags: TypeAlias = dict[str, str]
"""Labels of an index, as keys with text values. Keys: up to 80 letters, digits, `_` and `-`.
Values: up to 120 letters, digits, spaces and any of `;@_-.+`. In a change, an empty value
removes its key and keys not named stay."""
