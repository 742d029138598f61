"""The module that says where the API is served: the first of the contract's `servers`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

_MODULE: Final = '''"""Where the API is served, by the contract's `servers`."""

URL = {url}
"""The first server; empty where the contract names none by a whole URL."""
'''


def server_module(contract: Mapping[str, Any]) -> str:
    """Return the source of the module."""
    return _MODULE.format(url=json.dumps(server_url(contract)))


def server_url(owner: Mapping[str, Any]) -> str:
    """Return the URL of the first server of a contract, a path or an operation.

    Variables have their default values. Empty where there is no server, or none with a whole URL.
    """
    for server in owner.get("servers", [])[:1]:
        url = str(server.get("url", ""))
        for name, variable in server.get("variables", {}).items():
            url = url.replace(f"{{{name}}}", str(variable.get("default", "")))
        parts = urlsplit(url)
        if parts.scheme in {"http", "https"} and parts.hostname:
            return url.rstrip("/")
    return ""
