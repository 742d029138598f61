"""The check of a server: probes that ask it, and the report about its answers."""
