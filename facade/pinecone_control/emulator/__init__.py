"""A local control plane for tests: stateful, with a clock that tests can move, and with faults.

``from pinecone_control.emulator import Emulator`` needs the extra ``emulator``.
"""

from pinecone_control._lazy_imports import lazy_names

__getattr__, __dir__, __all__ = lazy_names(__name__, extra="emulator")
