"""Contract testing: a transport that checks requests and responses, and its coverage.

``from pinecone_control.contract import ContractTransport`` needs the extra
``contract``. The contract is the pinned OpenAPI document with its corrections.
"""

from pinecone_control._lazy_imports import lazy_names

__getattr__, __dir__, __all__ = lazy_names(__name__, extra="contract")
