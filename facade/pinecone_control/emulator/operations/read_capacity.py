"""Read capacity of serverless and BYOC indexes, in API versions from 2025-10 on."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec
from attrs import frozen

from pinecone_control.emulator.api import error_messages as errors
from pinecone_control.emulator.state.resources import Json

ON_DEMAND: Final[Json] = {"mode": "OnDemand"}


@frozen
class _Size:
    replicas: Annotated[int, msgspec.Meta(ge=0)]
    shards: Annotated[int, msgspec.Meta(ge=1)]


@frozen
class _Dedicated:
    node_type: str
    scaling: str
    manual: _Size | None = None


_DEDICATED: Final = msgspec.json.Decoder(_Dedicated)  # built by one thread: see `state.sql_tables`


def checked(requested: object) -> Json:
    """Return a read capacity as it is stored.

    Raises:
        HttpError: 422 for another mode, and for a malformed dedicated capacity.
    """
    mode = requested.get("mode") if isinstance(requested, dict) else None
    if mode == "OnDemand":
        return dict(ON_DEMAND)
    if not isinstance(requested, dict) or mode != "Dedicated":
        raise errors.BAD_BODY.error(reason="read_capacity.mode must be OnDemand or Dedicated")
    try:
        _DEDICATED.decode(msgspec.json.encode(requested.get("dedicated")))
    except msgspec.ValidationError as error:
        raise errors.BAD_BODY.error(reason=f"read_capacity.dedicated: {error}") from None
    stated = {name: value for name, value in requested["dedicated"].items() if value is not None}
    return {"mode": "Dedicated", "dedicated": stated}


def shown(capacity: Json | None) -> Json:
    """Return a stored read capacity as indexes show it: always Ready (assumption)."""
    stored: Json = capacity or ON_DEMAND
    status: Json = {"state": "Ready"}
    size = stored.get("dedicated", {}).get("manual")
    if size is not None:
        status |= {f"current_{name}": size[name] for name in ("replicas", "shards")}
    return {**stored, "status": status}
