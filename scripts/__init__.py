"""Programs that maintain this repository: small, one job each, run with `python -m`."""
