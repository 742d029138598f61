"""Every operation under every fault: the faults, the server that injects them, and the checks."""
