"""Generate the low-level client from the contract, and derive the synchronous client."""
