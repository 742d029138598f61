"""Measure the cost that `ContractTransport` adds to a call over a socket.

It runs the same calls with and without it, interleaved, against an emulator in another process, and
prints the lower quartile of each, which other work on the machine disturbs least, and the ratio.
"""

import sys
import time
from collections.abc import Callable
from statistics import quantiles
from typing import Final

from pinecone_control import Pinecone
from pinecone_control._sync.network_transport import NetworkTransport
from pinecone_control.contract import ContractTransport
from scripts.emulator_process import running_emulator

ROUNDS: Final = 400
WARM_UP: Final = 20
ALLOWED: Final = 1.10

CALLS: Final[dict[str, Callable[[Pinecone], object]]] = {
    "list_restore_jobs(limit=10)": lambda pc: pc.list_restore_jobs(limit=10),
    "list_restore_jobs(limit=100)": lambda pc: pc.list_restore_jobs(limit=100),
}


def compared(url: str, call: Callable[[Pinecone], object]) -> tuple[float, float]:
    """Return the seconds of a call without and with the check, as lower quartiles."""
    checked = ContractTransport(NetworkTransport(url, verify=True, proxy=None))
    with Pinecone("k", url) as plain, Pinecone("k", url, transport=checked) as watched:
        times: dict[str, list[float]] = {"plain": [], "watched": []}
        for number in range(WARM_UP + ROUNDS):
            for name, client in (("plain", plain), ("watched", watched)):
                begun = time.perf_counter()
                call(client)
                if number >= WARM_UP:
                    times[name].append(time.perf_counter() - begun)
    return quantiles(times["plain"])[0], quantiles(times["watched"])[0]


def main() -> int:
    with running_emulator() as url:
        with Pinecone("k", url) as pc:
            name = next(iter(pc.list_indexes())).name
        calls = {**CALLS, "describe_index": lambda pc: pc.describe_index(name)}
        worst = 0.0
        for label, call in calls.items():
            plain, watched = compared(url, call)
            worst = max(worst, watched / plain)
            print(f"{label:30} {plain * 1e6:6.0f} us, checked {watched * 1e6:6.0f} us, ", end="")
            print(f"ratio {watched / plain:.3f}")
    print(f"worst ratio {worst:.3f}, allowed {ALLOWED:.2f}")
    return 0 if worst <= ALLOWED else 1


if __name__ == "__main__":
    sys.exit(main())
