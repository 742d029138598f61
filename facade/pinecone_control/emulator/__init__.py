"""A local control plane for tests: stateful, on a clock that can be moved, with faults on demand.

``from pinecone_control.emulator import Emulator`` needs the extra ``emulator``.
"""

from pinecone_control._lazy import lazy_names

__getattr__, __dir__, __all__ = lazy_names(__name__, extra="emulator")
