"""The pinned contract: read it, correct it, compare it with another one, update it."""
