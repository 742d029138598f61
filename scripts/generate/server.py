"""Write the module `server`, which has the URL of the contract's first server."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

_MODULE: Final = '''"""The URL of the API, from the contract's `servers`."""

URL = {url}
"""The first server; empty if the contract has no server with an absolute URL."""
'''


def server_module(contract: Mapping[str, Any]) -> str:
    """Return the source of the module."""
    return _MODULE.format(url=json.dumps(server_url(contract)))


def server_url(owner: Mapping[str, Any]) -> str:
    """Return the URL of the first server of a contract, a path or an operation.

    Variables have their default values. The result is empty if there is no server, or if the first
    one has no absolute URL.
    """
    for server in owner.get("servers", [])[:1]:
        url = str(server.get("url", ""))
        for name, variable in server.get("variables", {}).items():
            url = url.replace(f"{{{name}}}", str(variable.get("default", "")))
        parts = urlsplit(url)
        if parts.scheme in {"http", "https"} and parts.hostname:
            return url.rstrip("/")
    return ""
