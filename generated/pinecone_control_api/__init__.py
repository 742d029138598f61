"""The low-level client of Pinecone Control Plane API, version 2025-04.

Generated from the contract `contract.json` in this folder: one module per operation under `api`,
one per schema under `models`.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .client import AuthenticatedClient, Client

API_VERSION = "2025-04"
"""The version of the API, for the header `X-Pinecone-Api-Version`."""

__all__ = ("API_VERSION", "AuthenticatedClient", "Client")

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        # Imported on first use, because importing httpx takes longer than all else here.
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(".client", __name__), name)
