"""Programs that run in the peers' environments: each does one piece of work and prints its cost."""
