"""Checks against the effective contract: the pinned OpenAPI document with its corrections."""
