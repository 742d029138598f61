"""The URL of the API, from the contract's `servers`."""

URL = "https://api.pinecone.io"
"""The first server; empty if the contract has no server with an absolute URL."""
