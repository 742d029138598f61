# Derived from _async/reconciling.py by scripts/generate/derive_sync.py. Do not edit.
"""Reconciling a create whose answer was lost: was it carried out, and by this very request?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeVar
from uuid import uuid4

from pinecone_control._http.deadline import calls_end_at
from pinecone_control.clock import Clock
from pinecone_control.errors import CallError, PineconeError, PineconeValueError
from pinecone_control_api import models

T = TypeVar("T")

CALL_TAG: Final = "pinecone-control-call"
"""Tag of an index whose value only the call that made it knows."""
# The server may still be at work on the request when its connection is long gone.
_PAUSES: Final = (0.0, 0.5, 1.0, 2.0, 4.0)


def find_created(
    find: Callable[[], T | None],
    error: CallError,
    *,
    clock: Clock,
    seconds: float,
) -> T:
    """Return what a create has made although its answer was lost.

    Args:
        find: returns what the call has made, or None where that is not there or not proven.
        error: of the create.
        clock: what time it is, and how to pause between looks.
        seconds: for all looks together.

    Raises:
        CallError: `error`, as it was, unless `find` proves that the work was done.
    """
    ends = clock.monotonic() + seconds
    for pause in _PAUSES if error.outcome_unknown else ():
        if clock.monotonic() + pause >= ends:
            break
        clock.sleep(pause)
        try:
            with calls_end_at(ends, clock):
                found = find()
        except PineconeError:
            continue  # what is in the way of a look may pass
        if found is not None:
            return found
    raise error


def with_call_tag(tags: Mapping[str, str] | None) -> dict[str, str]:
    """Return tags with one more, which no other call has.

    Raises:
        PineconeValueError: `tags` are no mapping.
    """
    if not isinstance(tags, Mapping | None):
        raise PineconeValueError(f"tags must map keys to values, got {tags!r}")
    return {**(tags or {}), CALL_TAG: uuid4().hex}


def has_call_tag(index: models.Index, tags: Mapping[str, str] | None) -> bool:
    """Whether an index was made by the call that had these tags of `with_call_tag`."""
    call = (tags or {}).get(CALL_TAG)
    return call is not None and (index.tags or {}).get(CALL_TAG) == call
