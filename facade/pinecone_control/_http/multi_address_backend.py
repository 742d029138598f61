"""A synchronous network backend for httpcore that tries all addresses of a host.

anyio's backend does this by itself (happy eyeballs). The standard library gives all of the time to
the first address, so one that never responds would use up the whole attempt.
"""

import socket
import time
from collections.abc import Iterable
from typing import Final

import httpcore

from pinecone_control._http.signal_handlers import raised_from_outside

# Seconds for each address in the first and second round; the third round gets the rest.
_SHARES: Final = (0.25, 1.0, float("inf"))


class MultiAddressBackend(httpcore.SyncBackend):
    """Connects to the first address of a host that responds."""

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        ends = float("inf") if timeout is None else time.monotonic() + timeout
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        failure: Exception = httpcore.ConnectTimeout("looking up the host took all of the time")
        for share in _SHARES if len(addresses) > 1 else _SHARES[-1:]:
            silent = []
            for position, address in enumerate(addresses):
                seconds = min(share, (ends - time.monotonic()) / (len(addresses) - position))
                if seconds <= 0:
                    raise failure
                limit = None if seconds == float("inf") else seconds
                try:
                    return super().connect_tcp(address, port, limit, local_address, socket_options)
                except httpcore.ConnectTimeout as error:
                    failure = error
                    silent.append(address)
                except httpcore.ConnectError as error:
                    failure = error
                if raised_from_outside(failure) is not None:
                    raise failure
            addresses = silent
        raise failure
