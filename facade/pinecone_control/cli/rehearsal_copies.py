"""How the copies that `backups rehearse` makes are named, tagged and recognized."""

import re
import secrets
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pinecone_control import Index

REHEARSAL_TAG: Final = "pinecone-control-rehearsal"
"""Tag of a copy; its value is when the time of its rehearsal ends."""
_COPY_NAME: Final = re.compile(r"rehearsal-.+-[0-9a-f]{8}")
_LONGEST_NAME: Final = 45


def copy_name(index_name: str) -> str:
    """Return a name for a copy, which no other index has."""
    ending = secrets.token_hex(4)
    start = f"rehearsal-{index_name}"[: _LONGEST_NAME - len(ending) - 1].rstrip("-")
    return f"{start}-{ending}"


def is_rehearsal_copy(index: "Index") -> bool:
    """Return whether `backups rehearse` created an index.

    Its tag alone does not prove that: an index that is restored from a backup of a copy has it too.
    """
    return REHEARSAL_TAG in dict(index.tags or {}) and bool(_COPY_NAME.fullmatch(index.name))
