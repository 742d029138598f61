"""Long runs that prove the claims of the guides: faults, outages, official SDKs, other checkers."""
