"""Where the API is served, by the contract's `servers`."""

URL = "https://api.pinecone.io"
"""The first server; empty where the contract names none by a whole URL."""
