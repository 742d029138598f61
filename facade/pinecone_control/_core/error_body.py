"""What the body of a refusal says, and what that proves. Pure.

Gateways, firewalls and wrong base paths answer with 404 and other statuses too, so nothing about a
resource is concluded from a status alone: only from the API's own error object.
"""

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any, Final
from urllib.parse import unquote

import msgspec
from attrs import evolve, frozen

from pinecone_control._core.credentials import Secret
from pinecone_control._core.text import is_html

_NOT_FOUND: Final = 404
_UNAUTHORIZED: Final = 401
_KINDS: Final[Mapping[str, str]] = {
    "indexes": "index",
    "collections": "collection",
    "backups": "backup",
    "restore-jobs": "restore job",
}
_KIND: Final = re.compile(rf"\b({'|'.join(_KINDS.values())})\b", re.IGNORECASE)
# What a router or a gateway misses, and a project that the key is not of.
_OTHER_THING: Final = re.compile(
    r"\b(path|route|endpoint|url|uri|page|file|method|version|project|organization)\b",
    re.IGNORECASE,
)
# The contract's examples all read so; the service may cut a long name.
_MISSING: Final = re.compile(
    rf"\b({'|'.join(_KINDS.values())}) ['\"]?([\w.-]+?)['\"]? (?:was )?not found", re.IGNORECASE
)


@frozen(kw_only=True)
class ErrorBody:
    """The body of a refusal, read as the API's own error object."""

    code: str | None = None
    message: str = ""
    details: Mapping[str, Any] | None = None
    from_api: bool = False
    """Whether the API said it; False for the page of a gateway, a proxy or a firewall."""

    def redacted(self, key: Secret) -> "ErrorBody":
        """Return this without the API key, should the server have echoed it."""
        details = self.details
        if details is not None:
            details = msgspec.json.decode(key.redact_bytes(msgspec.json.encode(details)))
        return evolve(self, message=key.redact(self.message), details=details)


UNREAD: Final = ErrorBody()
"""Where nothing came that could be read."""


def read_error_body(status: int, body: str, content_type: str) -> ErrorBody:
    """Read the body of a refusal.

    A 401 may be the bare text ``Invalid API key`` (documentation), which is then the API's word.
    """
    try:
        decoded = msgspec.json.decode(body.removeprefix("\ufeff"))
    except (msgspec.MsgspecError, RecursionError, UnicodeError):
        is_bare_text = status == _UNAUTHORIZED and not is_html(body, content_type)
        return ErrorBody(from_api=is_bare_text)
    if isinstance(decoded, str):
        return ErrorBody(message=decoded, from_api=status == _UNAUTHORIZED)
    error = decoded.get("error") if isinstance(decoded, dict) else None
    if not isinstance(error, dict):
        return ErrorBody()
    code, message, details = (error.get(name) for name in ("code", "message", "details"))
    return ErrorBody(
        code=code if isinstance(code, str) else None,
        message=message if isinstance(message, str) else "",
        details=details if isinstance(details, dict) else None,
        from_api=isinstance(code, str),
    )


def proves_absence(status: int, error: ErrorBody, *, method: str, path: str) -> bool:
    """Return whether a refusal proves that what the request names does not exist.

    It does if the API said NOT_FOUND, and said it of this resource: not of a path or a project,
    and not of a resource of another kind or name. (A create names other things than resources,
    such as a region; there NOT_FOUND proves that one of them is missing.)
    """
    if status != _NOT_FOUND or error.code != "NOT_FOUND":
        return False
    kind, name = _resource(path)
    # A name may be any word: what the message speaks of is the rest.
    about = re.sub(rf"(?<![\w-]){re.escape(name)}(?![\w-])", "", error.message)
    if _OTHER_THING.search(about) and not _KIND.search(about):
        return False
    missing = None if method == "POST" else _MISSING.search(error.message)
    return missing is None or (
        missing[1].lower() == kind and name.startswith(missing[2].rstrip("."))
    )


def _resource(path: str) -> tuple[str, str]:
    """Return kind and name of the resource that a path is about; empty where it names none."""
    parts = [unquote(part) for part in path.split("/") if part]
    named = ((_KINDS[kind], name) for kind, name in pairwise(parts) if kind in _KINDS)
    return next(named, ("", ""))
