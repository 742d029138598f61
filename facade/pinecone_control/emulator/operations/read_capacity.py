"""Read capacity of serverless and BYOC indexes, which API versions from 2025-10 on have."""

from __future__ import annotations

from typing import Final

from pinecone_control.emulator.api import error_messages as errors
from pinecone_control.emulator.state.resources import Json

ON_DEMAND: Final[Json] = {"mode": "OnDemand"}


def checked(asked: object) -> Json:
    """Return a read capacity as it is stored.

    Raises:
        HttpError: 422 for another mode, and for dedicated capacity without its size.
    """
    mode = asked.get("mode") if isinstance(asked, dict) else None
    if not isinstance(asked, dict) or mode not in {"OnDemand", "Dedicated"}:
        raise errors.BAD_BODY.error(reason="read_capacity.mode must be OnDemand or Dedicated")
    if mode == "OnDemand":
        return dict(ON_DEMAND)
    dedicated = asked.get("dedicated")
    if not isinstance(dedicated, dict) or not {"node_type", "scaling"} <= dedicated.keys():
        raise errors.BAD_BODY.error(reason="read_capacity.dedicated needs node_type and scaling")
    return {"mode": "Dedicated", "dedicated": dedicated}


def shown(capacity: Json | None) -> Json:
    """Return a stored read capacity as indexes show it: it is in place at once (assumption)."""
    stored: Json = capacity or ON_DEMAND
    status: Json = {"state": "Ready"}
    size = stored.get("dedicated", {}).get("manual")
    if isinstance(size, dict):
        status |= {f"current_{name}": size[name] for name in ("replicas", "shards") if name in size}
    return {**stored, "status": status}
