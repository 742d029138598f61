"""Every operation under every fault: the faults, the server that commits them, the judge."""
