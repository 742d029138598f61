"""httpx transport that sends requests over the network, on connections of our pool.

It is httpx's own transport in all but the pool, so that tools which instrument, record or mock
`httpx.AsyncHTTPTransport` see every request that is sent.
"""

import httpx

from pinecone_control._async.network_backend import AsyncDeadlineBackend
from pinecone_control._async.pool import AsyncPool
from pinecone_control._http.proxies_and_tls import Verify, httpcore_proxy, tls_for
from pinecone_control._http.threads_and_loops import async_backend


class AsyncNetworkTransport(httpx.AsyncHTTPTransport):
    """The transport of a client that was given none.

    Args:
        host: URL of the control plane.
        verify: what certificates are verified with; see `tls_for`.
        proxy: URL of a proxy; None for the environment's, empty for none.

    Raises:
        PineconeValueError: `verify` or `proxy` cannot be used.
    """

    def __init__(self, host: str, *, verify: Verify, proxy: str | None) -> None:
        # httpx's own constructor would make a pool and a TLS context that nobody uses.
        self._pool = AsyncPool(
            ssl_context=tls_for(host, verify),
            proxy=httpcore_proxy(host, proxy),
            network_backend=AsyncDeadlineBackend(async_backend()),
        )
