# Derived from _async/client.py by scripts/generate/derive_sync.py. Do not edit.
"""`Pinecone`: all operations of the control plane on one client."""

from types import FunctionType

from pinecone_control._sync.backups import Backups
from pinecone_control._sync.collections import Collections
from pinecone_control._sync.indexes import Indexes
from pinecone_control._sync.restore_jobs import RestoreJobs


class Pinecone(Backups, Indexes, Collections, RestoreJobs):
    """A client of Pinecone's control plane: indexes, collections, backups, restore jobs.

    Threads can share the synchronous client, and tasks can share the asynchronous one, on asyncio
    and trio. Use it with `with`, or call `close` at the end.

    The client retries a request only if the retry cannot carry out the operation a second time:

    - GET: after connection errors, timeouts, 408, 429, 500, 502, 503, 504.
    - DELETE: in the same cases. If the first attempt may have worked and the API then says that the
      resource does not exist, the deletion counts as done.
    - POST, PATCH: only if the server did nothing: the connection was never established, or the
      response was a 429 or the API's own 503 with Retry-After. If the server may have carried out
      the request, the error has `outcome_unknown = True`.

    Args:
        api_key: the key; by default from the environment variable `PINECONE_API_KEY`.
        host: URL of the control plane; by default from `PINECONE_CONTROLLER_HOST`, else the
            contract's first server. The key is sent to this host only.
        timeout: seconds for one attempt, 30 by default.
        deadline: seconds for one call including all its retries, 120 by default.
        retry: how often to retry and how long to wait in between; see `RetryPolicy`.
        headers: headers to send with every request, in addition to the client's own.
        proxy: URL of a proxy; by default from the usual environment variables, `""` for none.
        verify: True, False, the path of a PEM file or directory, or an `ssl.SSLContext`, which
            can hold a client certificate; also for a proxy with an `https://` URL.
        transport: an httpx transport to send with instead of the network, such as that of an
            emulator or of a contract check.
        user_agent_suffix: added to the User-Agent header, such as `backup-cron/1.2`.
        max_response_bytes: limit for the size of a (decompressed) response; 64 MiB by default.
        allow_plain_http: accept an `http://` host on another machine. The environment variable
            `PINECONE_CONTROL_ALLOW_PLAIN_HTTP=1` has the same effect; each client then logs a
            warning.
        clock: the clock to use, by default real time; tests pass an emulator's `clock`.

    Raises:
        PineconeValueError: a setting is invalid; the message names it and what is allowed.
    """


def _name_after_the_public_class() -> None:
    """Let methods be `Pinecone`'s in Python's own errors, whichever base class has them."""
    for base in Pinecone.__mro__:
        for name, member in vars(base).items():
            if isinstance(member, FunctionType):
                member.__qualname__ = f"{Pinecone.__name__}.{name}"


_name_after_the_public_class()
