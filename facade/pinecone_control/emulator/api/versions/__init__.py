"""API versions: how each represents the control plane's resources and requests.

Operations work on one full form of every resource: that of 2025-04 with what later versions add.
A version converts a request's body into that form, and shows its own part of a resource.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pinecone_control._core.header_names import API_VERSION
from pinecone_control.emulator.api.http_error import HttpError
from pinecone_control.emulator.api.http_messages import Result
from pinecone_control.emulator.api.versions import v2025_04, v2025_10, v2026_07

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pinecone_control.emulator.api.versions.version import ApiVersion
    from pinecone_control.emulator.state.resources import Json

OLDEST: Final = "2025-04"

VERSIONS: Final[Mapping[str, ApiVersion]] = {
    "2025-04": v2025_04.VERSION,
    "2025-10": v2025_10.VERSION,
    "2026-04": v2025_10.VERSION,  # differs only in the number
    "2026-07": v2026_07.VERSION,
}

VERSION_HEADER: Final = API_VERSION.lower()
_DATED: Final = re.compile(r"\d{4}-\d{2}")


def version_of(headers: Mapping[str, str], default: str) -> str:
    """Return the version of the response: the requested one, or 2025-04 for an older one.

    Args:
        headers: headers of the request. Python SDK 8 sends the version twice.
        default: the version for a request that states none: the pinned contract's.

    Raises:
        HttpError: 400 for a version that is not supported.
    """
    stated = {each.strip() for each in headers.get(VERSION_HEADER, "").split(",")} - {""}
    if not stated:
        return _latest_known(default)
    if len(stated) == 1:
        (version,) = stated
        if version in VERSIONS:
            return version
        if _DATED.fullmatch(version) and version < OLDEST:
            return OLDEST
        if version == default:
            return _latest_known(default)
    shown = ", ".join(sorted(stated))[:80]
    known = ", ".join(VERSIONS)
    raise HttpError(400, f"API version {shown!r} is not supported; use one of {known}.")


def _latest_known(pinned: str) -> str:
    """Return the latest supported version that is not later than the pinned contract's."""
    return max((version for version in VERSIONS if version <= pinned), default=OLDEST)


def with_hosts_at(base_url: str, result: Result) -> Result:
    """Return a result with the hosts of indexes under a URL; unchanged for an empty one."""
    body = result.body
    if not base_url or body is None:
        return result
    if "indexes" in body:
        listed = [{**each, "host": f"{base_url}/{each['host']}"} for each in body["indexes"]]
        return Result(result.status, {**body, "indexes": listed})
    if "host" in body:
        return Result(result.status, {**body, "host": f"{base_url}/{body['host']}"})
    return result


def shown(result: Result, version: str) -> Result:
    """Return a result with its resources as an API version shows them."""
    if result.body is None:
        return result
    return Result(result.status, _shown(result.body, VERSIONS[version]))


def _shown(body: Json, version: ApiVersion) -> Json:
    for listing in ("indexes", "data"):
        if listing in body:
            return {**body, listing: [_shown(row, version) for row in body[listing]]}
    if "host" in body:
        return version.index(body)
    return version.backup(body) if "source_index_id" in body else body
