"""Conformance check of a server: the probes, and the report about its responses."""
