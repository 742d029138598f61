"""API keys: each determines a project of its own. Complete keys are stored nowhere."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from pinecone_control._core.header_names import API_KEY
from pinecone_control.emulator.api.error_messages import INVALID_API_KEY

if TYPE_CHECKING:
    from pinecone_control.emulator.api.http_messages import Request
    from pinecone_control.emulator.context import Context


def authenticate(request: Request, context: Context) -> str:
    """Return the project of a request; record the start of its key for the status page.

    Raises:
        HttpError: 401.
    """
    key = request.headers.get(API_KEY.lower(), "").strip()
    if not key or (context.api_keys is not None and key not in context.api_keys):
        raise INVALID_API_KEY.error()
    project = project_of(key)
    if project not in context.masked_keys:
        context.masked_keys[project] = f"{key[: min(8, len(key) // 3)]}…"
    return project


def project_of(api_key: str) -> str:
    """Return the project of a key: twelve hexadecimal digits of its digest."""
    return hashlib.sha256(api_key.encode("utf-8", "surrogateescape")).hexdigest()[:12]
