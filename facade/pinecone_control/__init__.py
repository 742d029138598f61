"""Back up, restore and watch Pinecone indexes.

Examples:
    >>> from pinecone_control import Pinecone
    >>> pc = Pinecone()
    >>> for job in pc.list_restore_jobs():
    ...     print(job.restore_job_id, job.status)

All errors and the most used models can be imported from here too; `pinecone_control.errors` and
`pinecone_control.models` describe them. Each name is imported when it is first used, so importing
the package takes almost no time.
"""

from pinecone_control._lazy_imports import lazy_names

__version__ = "0.1.0"
__getattr__, __dir__, __all__ = lazy_names(__name__)
