"""The synchronous client, derived from `_async/` by `make derive`. Do not edit."""
