"""Back up, restore and watch Pinecone indexes.

>>> from pinecone_control import Pinecone
>>> pc = Pinecone()
>>> for job in pc.list_restore_jobs():
...     print(job.restore_job_id, job.status)

The errors and the models have pages of their own, `pinecone_control.errors` and
`pinecone_control.models`; all errors and the usual models can be imported from here as well.
Names are imported when they are first used, so that importing the package costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pinecone_control import errors as errors
    from pinecone_control import models as models
    from pinecone_control._async.client import AsyncPinecone as AsyncPinecone
    from pinecone_control._async.first_page import AsyncFirstPage as AsyncFirstPage
    from pinecone_control._async.paging import AsyncPage as AsyncPage
    from pinecone_control._async.transport import AsyncRetryTransport as AsyncRetryTransport
    from pinecone_control._sync.client import Pinecone as Pinecone
    from pinecone_control._sync.paging import Page as Page
    from pinecone_control._sync.transport import RetryTransport as RetryTransport
    from pinecone_control.clock import Clock as Clock
    from pinecone_control.clock import SystemClock as SystemClock
    from pinecone_control.errors import ApiError as ApiError
    from pinecone_control.errors import BadRequestError as BadRequestError
    from pinecone_control.errors import CallError as CallError
    from pinecone_control.errors import ConflictError as ConflictError
    from pinecone_control.errors import FailedPreconditionError as FailedPreconditionError
    from pinecone_control.errors import ForbiddenError as ForbiddenError
    from pinecone_control.errors import NotFoundError as NotFoundError
    from pinecone_control.errors import OperationFailedError as OperationFailedError
    from pinecone_control.errors import PaymentRequiredError as PaymentRequiredError
    from pinecone_control.errors import PineconeConnectionError as PineconeConnectionError
    from pinecone_control.errors import PineconeError as PineconeError
    from pinecone_control.errors import PineconeTimeoutError as PineconeTimeoutError
    from pinecone_control.errors import PineconeValueError as PineconeValueError
    from pinecone_control.errors import RateLimitError as RateLimitError
    from pinecone_control.errors import ResponseParsingError as ResponseParsingError
    from pinecone_control.errors import ServiceError as ServiceError
    from pinecone_control.errors import UnauthorizedError as UnauthorizedError
    from pinecone_control.errors import UnprocessableEntityError as UnprocessableEntityError
    from pinecone_control.errors import WaitError as WaitError
    from pinecone_control.errors import WaitTimeoutError as WaitTimeoutError
    from pinecone_control.models import Backup as Backup
    from pinecone_control.models import ByocSpec as ByocSpec
    from pinecone_control.models import Collection as Collection
    from pinecone_control.models import ConfigureIndexEmbed as ConfigureIndexEmbed
    from pinecone_control.models import Index as Index
    from pinecone_control.models import IndexEmbed as IndexEmbed
    from pinecone_control.models import PodSpec as PodSpec
    from pinecone_control.models import RestoreJob as RestoreJob
    from pinecone_control.models import ServerlessSpec as ServerlessSpec
    from pinecone_control.retry import RetryEvent as RetryEvent
    from pinecone_control.retry import RetryPolicy as RetryPolicy

_HOMES: Final = {
    "_async.client": ["AsyncPinecone"],
    "_async.first_page": ["AsyncFirstPage"],
    "_async.paging": ["AsyncPage"],
    "_async.transport": ["AsyncRetryTransport"],
    "_sync.client": ["Pinecone"],
    "_sync.paging": ["Page"],
    "_sync.transport": ["RetryTransport"],
    "clock": ["Clock", "SystemClock"],
    "errors": [
        "ApiError",
        "BadRequestError",
        "CallError",
        "ConflictError",
        "FailedPreconditionError",
        "ForbiddenError",
        "NotFoundError",
        "OperationFailedError",
        "PaymentRequiredError",
        "PineconeConnectionError",
        "PineconeError",
        "PineconeTimeoutError",
        "PineconeValueError",
        "RateLimitError",
        "ResponseParsingError",
        "ServiceError",
        "UnauthorizedError",
        "UnprocessableEntityError",
        "WaitError",
        "WaitTimeoutError",
    ],
    "models": [
        "Backup",
        "ByocSpec",
        "Collection",
        "ConfigureIndexEmbed",
        "Index",
        "IndexEmbed",
        "PodSpec",
        "RestoreJob",
        "ServerlessSpec",
    ],
    "retry": ["RetryEvent", "RetryPolicy"],
}
_HOME_OF: Final = {name: home for home, names in _HOMES.items() for name in names}
_MODULES: Final = frozenset({"errors", "models"})

__all__ = tuple(sorted(_HOME_OF.keys() | _MODULES))
__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    if name in _MODULES:
        return import_module(f"{__name__}.{name}")
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(__all__))
