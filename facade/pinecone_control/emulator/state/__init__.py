"""The stored state, and the status of each resource at a given time."""
