"""Ways into the emulator: within the process, and over HTTP."""
