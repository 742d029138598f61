"""Names of the headers that are specific to this API.

Source: the contract states the key as its security scheme, and the version from 2025-10 on; the
request id is what the official SDK reads.
"""

from typing import Final

API_KEY: Final = "Api-Key"
API_VERSION: Final = "X-Pinecone-Api-Version"
REQUEST_ID: Final = "X-Pinecone-Request-Id"
