"""Keywords of Pinecone's earlier SDKs, and what to use instead."""

from collections.abc import Iterable, Mapping
from typing import Final

from pinecone_control.errors import PineconeValueError

_NOT_NEEDED: Final = "it is not needed: leave it out"
_INSTEAD: Final[Mapping[str, str]] = {
    "environment": "indexes have no environment to connect to any more: leave it out",
    "project_name": "the API key belongs to one project: leave it out",
    "project_id": "the API key belongs to one project: leave it out",
    "pool_threads": _NOT_NEEDED,
    "openapi_config": _NOT_NEEDED,
    "config": "pass each setting as a keyword of its own",
    "controller_api_key": "pass api_key=...",
    "additional_headers": "pass headers=...",
    "proxy_url": "pass proxy=...",
    "proxy_headers": "pass user and password in the URL: proxy='http://user:password@proxy:3128'",
    "ssl_ca_certs": "pass verify='/path/to/authority.pem'",
    "ssl_verify": "pass verify=...",
    "source_tag": "pass user_agent_suffix=...",
    "retry_config": "pass retry=RetryPolicy(...)",
    "connection_pool_maxsize": _NOT_NEEDED,
}
"""Keywords of `pinecone.init` (2.x) and `pinecone.Pinecone` (3.x to 10.x)."""


def refuse_unknown(client: str, names: Iterable[str]) -> None:
    """Refuse keywords that the client does not have.

    Raises:
        PineconeValueError: for a keyword of an earlier SDK; it says what to do instead.
        TypeError: for any other keyword, as Python raises it.
    """
    for name in names:
        if name in _INSTEAD:
            raise PineconeValueError(f"{client} does not take {name}=: {_INSTEAD[name]}")
        raise TypeError(f"{client}() got an unexpected keyword argument {name!r}")
