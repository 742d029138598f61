"""Serve the emulator with sample data; print its URL."""

import signal

from pinecone_control.emulator import Emulator

with Emulator(seed=1) as emulator, emulator.serve() as server:
    emulator.seed("demo", restore_jobs=100)
    print(server.url, flush=True)
    signal.pause()
