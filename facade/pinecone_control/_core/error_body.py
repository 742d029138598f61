"""Read the body of an error response, and decide what it proves. Pure.

Gateways, firewalls and servers at a wrong base path also respond with 404 and other statuses. The
client therefore concludes nothing about a resource from a status, only from the API's own error
object.
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
# Things that a router or a gateway may miss, and a project to which the key does not belong.
_OTHER_THING: Final = re.compile(
    r"\b(path|route|endpoint|url|uri|page|file|method|version|project|organization)\b",
    re.IGNORECASE,
)
_SAYS_WHAT: Final = re.compile(
    r"\b(not (be )?found|not find|(not|t) exist|no such|no [\w ]{1,60} (named|called)|unknown)\b",
    re.IGNORECASE,
)
"""Matches a message that says what is missing."""
_COMMON_WORD: Final = re.compile(
    "a|an|any|be|been|by|called|can|cannot|could|deleted|did|do|does|doesn|exists?|find|for|found|"
    "given|gone|has|have|id|in|is|it|missing|named?|no|not|of|or|requested|resources?|specified|such|"
    "t|that|the|there|this|unknown|was|were|with",
    re.IGNORECASE,
)
"""Words that name no other thing, such as a path, a project, a namespace or a server."""
_CUT_NAME: Final = re.compile(r"([\w-][\w.-]*?)(?:\.\.\.|…)|([\w-][\w.-]{78,}[\w-])")
_JUDGED: Final = 1_000
"""Characters of a message that are examined, so that a long one does not take long."""
_DEEPEST_DETAILS: Final = 50
"""Levels of nesting. Deeper objects cannot be pickled or copied; `body` has them as text."""


@frozen(kw_only=True)
class ErrorBody:
    """The body of an error response, read as the API's own error object."""

    code: str | None = None
    message: str = ""
    details: Mapping[str, Any] | None = None
    from_api: bool = False
    """Whether the body comes from the API and not from a gateway, a proxy or a firewall."""

    def redacted(self, key: Secret) -> "ErrorBody":
        """Return the body without the API key, in case the server echoed it."""
        details = self.details
        if details is not None:
            details = msgspec.json.decode(key.redact_bytes(msgspec.json.encode(details)))
        return evolve(self, message=key.redact(self.message), details=details)


UNREAD: Final = ErrorBody()
"""For a response whose body could not be read."""


def read_error_body(status: int, body: str, content_type: str) -> ErrorBody:
    """Read the body of an error response.

    The body of a 401 may be the plain text ``Invalid API key`` (documentation), which counts as
    the API's own.
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
    has_details = isinstance(details, dict) and not _is_deeper(details, _DEEPEST_DETAILS)
    return ErrorBody(
        code=code if isinstance(code, str) else None,
        message=message if isinstance(message, str) else "",
        details=details if has_details else None,
        from_api=isinstance(code, str) and decoded.get("status", status) == status,
    )


def _is_deeper(value: object, levels: int) -> bool:
    """Return whether JSON is nested deeper than this number of levels."""
    if not isinstance(value, dict | list):
        return False
    inner = value.values() if isinstance(value, dict) else value
    return levels == 0 or any(_is_deeper(each, levels - 1) for each in inner)


def proves_absence(status: int, error: ErrorBody, *, method: str, path: str) -> bool:
    """Return whether an error response proves that the resource in the request does not exist.

    It does if the API says NOT_FOUND about this resource, and not about a path, a project, or a
    resource of another kind or name. (A create also names other things, such as a region; there
    NOT_FOUND proves that one of them is missing.)
    """
    if status != _NOT_FOUND or error.code != "NOT_FOUND" or not error.from_api:
        return False
    kind, name = _resource(path)
    about, times_named = _without(name, error.message[:_JUDGED])
    kinds = {found.lower() for found in _KIND.findall(about)}
    if method == "POST" or not _SAYS_WHAT.search(about):
        return bool(kinds) or not _OTHER_THING.search(about)
    if kinds and kind not in kinds:
        return False
    others = re.findall(r"[\w-]+", _KIND.sub("", about))
    says_no_more = all(map(_COMMON_WORD.fullmatch, others))
    return says_no_more or (kind in kinds and times_named > 0)


def _without(name: str, message: str) -> tuple[str, int]:
    """Return a message without a resource's name, and the number of times that it had the name.

    The name could otherwise be taken for a word of the message.

    A server may shorten a long name, with or without dots at its end.
    """
    whole = rf"(?<![\w-]){re.escape(name)}(?![\w-])"
    about, times = re.subn(whole, "", message) if name else (message, 0)
    cut = _CUT_NAME.search(about)
    if cut is not None and name.startswith(cut[1] or cut[2]):
        return about.replace(cut[0], "", 1), times + 1
    return about, times


def _resource(path: str) -> tuple[str, str]:
    """Return the kind and the name of the resource in a path; both are empty if it has none."""
    parts = [unquote(part) for part in path.split("/") if part]
    named = ((_KINDS[kind], name) for kind, name in pairwise(parts) if kind in _KINDS)
    return next(named, ("", ""))
