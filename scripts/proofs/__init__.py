"""Long runs that prove what the guides claim: faults, outages, official SDKs, other checkers."""
