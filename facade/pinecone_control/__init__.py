"""Back up, restore and watch Pinecone indexes.

>>> from pinecone_control import Pinecone
>>> pc = Pinecone()
>>> for job in pc.list_restore_jobs():
...     print(job.restore_job_id, job.status)

The errors and the models have pages of their own, `pinecone_control.errors` and
`pinecone_control.models`; all errors and the usual models can be imported from here as well.
Names are imported when they are first used, so that importing the package costs nothing.
"""

from pinecone_control._lazy import lazy_names

__version__ = "0.1.0"
__getattr__, __dir__, __all__ = lazy_names(__name__)
