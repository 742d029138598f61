"""Protection against web pages: refuses requests that a page of another origin made a browser send.

A page of any website can make a browser send requests to a server on loopback. Two headers that no
page can forge identify them: `Origin`, which browsers send with all requests except plain GETs and
links, and `Host`, which names another host when the page's own name was pointed at this machine
(DNS rebinding).
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from pinecone_control.emulator.api.http_error import HttpError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from pinecone_control.emulator.settings import Settings

_LOCAL_NAMES: Final = frozenset({"localhost", "localhost.localdomain", "ip6-localhost"})
_CROSS_SITE: Final = frozenset({"cross-site", "same-site"})


def check_browser(headers: Mapping[str, str], bound_host: str, settings: Settings) -> None:
    """Refuse a request that was made by a page of another origin, or that names another host.

    Args:
        headers: headers of the request, names in lower case.
        bound_host: the address that the server listens on.
        settings: its `allowed_hosts` and `allowed_origins` are exceptions.

    Raises:
        HttpError: 403.
    """
    host = headers.get("host", "")
    if host and not _is_ours(host, {bound_host, *settings.allowed_hosts}):
        raise HttpError(
            403,
            f"This emulator does not answer requests to {host[:80]!r}. Use the address that it "
            "listens on, or allow the name: with --allow-name on the command line, with "
            "Settings(allowed_hosts=...) in Python.",
        )
    origin = headers.get("origin")
    if origin is None:
        # A GET of a page without an Origin: an image, a script, a link.
        if headers.get("sec-fetch-site") in _CROSS_SITE and not _is_navigation(headers):
            raise HttpError(403, "Pages of other sites may not use this emulator.")
    elif origin != f"http://{host}" and origin not in settings.allowed_origins:
        raise HttpError(
            403,
            f"Pages of {origin[:80]!r} may not use this emulator. Allow the origin with "
            "Settings(allowed_origins=...).",
        )


def _is_navigation(headers: Mapping[str, str]) -> bool:
    """Return whether a person follows a link, whose page cannot read the response."""
    return headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == (
        "document"
    )


def _is_ours(host: str, known: Collection[str]) -> bool:
    try:
        name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
        if name in _LOCAL_NAMES | set(map(str.lower, known)) or name.endswith(".localhost"):
            return True
        address = ipaddress.ip_address(name)
    except ValueError:  # another name, or a malformed one
        return False
    # Unlike a name, an address cannot be pointed elsewhere; on all interfaces, each is ours.
    return address.is_loopback or not {"0.0.0.0", "::"}.isdisjoint(known)  # noqa: S104 - compared
