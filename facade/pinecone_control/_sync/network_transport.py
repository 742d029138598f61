# Derived from _async/network_transport.py by scripts/generate/derive_sync.py. Do not edit.
"""An httpx transport that sends requests over the network, with our connection pool.

Except for the pool it is httpx's own transport, so tools that instrument, record or mock
`httpx.HTTPTransport` see every request that is sent.
"""

import httpx

from pinecone_control._http.proxies_and_tls import Verify, httpcore_proxy, tls_for
from pinecone_control._http.threads_and_loops import backend
from pinecone_control._sync.network_backend import DeadlineBackend
from pinecone_control._sync.pool import Pool


class NetworkTransport(httpx.HTTPTransport):
    """The default transport of a client.

    Args:
        host: URL of the control plane.
        verify: how to verify certificates; see `tls_for`.
        proxy: URL of a proxy; None means that of the environment, empty means none.

    Raises:
        PineconeValueError: `verify` or `proxy` cannot be used.
    """

    def __init__(self, host: str, *, verify: Verify, proxy: str | None) -> None:
        # httpx's own constructor would create a pool and a TLS context that are never used.
        self._pool = Pool(
            ssl_context=tls_for(host, verify),
            proxy=httpcore_proxy(host, proxy, verify),
            network_backend=DeadlineBackend(backend()),
        )
