# Derived from _async/reconciling.py by scripts/generate/derive_sync.py. Do not edit.
"""Reconcile a create whose response was lost: find out whether this request was carried out."""

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
"""Tag of an index; its value is known only to the call that created the index."""
# The server may still be processing the request long after its connection has broken.
_PAUSES: Final = (0.0, 0.5, 1.0, 2.0, 4.0)


def find_created(
    find: Callable[[], T | None],
    error: CallError,
    *,
    clock: Clock,
    seconds: float,
) -> T:
    """Return the resource that a request created although its response was lost.

    Args:
        find: returns the resource, or None if it does not exist or if there is no proof that this
            call created it.
        error: the error of the create.
        clock: the client's clock.
        seconds: limit for all requests together.

    Raises:
        CallError: `error`, unchanged, unless `find` proves that the create was carried out.
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
            continue  # the failure may be temporary
        if found is not None:
            return found
    raise error


def with_call_tag(tags: Mapping[str, str] | None) -> dict[str, str]:
    """Return the tags with one added, whose value is unique to this call.

    Raises:
        PineconeValueError: `tags` is not a mapping.
    """
    if not isinstance(tags, Mapping | None):
        raise PineconeValueError(f"tags must map keys to values, got {tags!r}")
    return {**(tags or {}), CALL_TAG: uuid4().hex}


def has_call_tag(index: models.Index, tags: Mapping[str, str] | None) -> bool:
    """Return whether an index was created by the call with these tags from `with_call_tag`."""
    call = (tags or {}).get(CALL_TAG)
    return call is not None and (index.tags or {}).get(CALL_TAG) == call
