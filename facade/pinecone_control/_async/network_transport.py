"""An httpx transport that sends requests over the network, with our connection pool.

Except for the pool it is httpx's own transport, so tools that instrument, record or mock
`httpx.AsyncHTTPTransport` see every request that is sent.
"""

import httpx

from pinecone_control._async.network_backend import AsyncDeadlineBackend
from pinecone_control._async.pool import AsyncPool
from pinecone_control._http.proxies_and_tls import Verify, httpcore_proxy, tls_for
from pinecone_control._http.threads_and_loops import async_backend


class AsyncNetworkTransport(httpx.AsyncHTTPTransport):
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
        self._pool = AsyncPool(
            ssl_context=tls_for(host, verify),
            proxy=httpcore_proxy(host, proxy, verify),
            network_backend=AsyncDeadlineBackend(async_backend()),
        )
