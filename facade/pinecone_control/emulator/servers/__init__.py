"""Servers of the emulator: httpx transports within the process, and an HTTP server."""
