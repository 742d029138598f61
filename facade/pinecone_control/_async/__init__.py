"""The hand-written client. `_sync/` is derived from this package: change code here only."""
