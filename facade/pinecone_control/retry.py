"""How often a client retries a request, and how long it waits: the policy and its events.

The main rule: a retry never carries out an operation twice.

========================  ==================================================================
GET                       retried after connection errors, timeouts, 408, 429, 500, 502, 503
                          and 504
DELETE                    the same; a 404 for a retry after an ambiguous failure means success
POST, PATCH               only if the server certainly did nothing: the connection was never
                          established, 429, or the API's own 503 with Retry-After
========================  ==================================================================
"""

from collections.abc import Callable
from typing import Final

from attrs import Attribute, field, frozen

from pinecone_control._checks import above_zero, function_or_none, seconds, whole_number

RETRIED_STATUSES: Final = frozenset({408, 429, 500, 502, 503, 504})
"""Statuses after which the same request may succeed a little later."""


@frozen(kw_only=True)
class RetryEvent:
    """The event that `RetryPolicy.on_retry` gets before the client waits and sends again."""

    operation: str
    """For example ``GET /restore-jobs``."""
    attempt: int
    """The attempt that failed, counted from 1."""
    wait: float
    """Seconds until the next attempt."""
    reason: str
    """What went wrong: ``503 Service Unavailable``, ``cannot connect: ...``."""


def _of_field(check: Callable[[str, object], object]) -> Callable[..., None]:
    """Return a check as a validator of attrs."""

    def validate(_: object, attribute: "Attribute[object]", value: object) -> None:
        check(attribute.name, value)

    return validate


@frozen(kw_only=True)
class RetryPolicy:
    """How often a request is retried, and how long the client waits in between.

    The wait before attempt *n* is a random time from 0 to ``min(backoff_cap, backoff * 2**(n-2))``
    seconds (full jitter). If the server sends a Retry-After, the client waits for all of it, and
    then for a random time as above, or up to half of the Retry-After if that is longer (within
    `backoff_cap`), so that clients with the same Retry-After do not all return at once.
    `RetryPolicy(attempts=1)` never retries.
    """

    attempts: int = field(default=5, validator=_of_field(whole_number))
    """Attempts for one call, the first included."""
    backoff: float = field(default=0.5, validator=_of_field(seconds))
    """Seconds: upper bound of the wait after the first failure; doubles with each further one."""
    backoff_cap: float = field(default=8.0, validator=_of_field(seconds))
    """Seconds: upper bound of any wait that the server did not ask for."""
    budget: float = field(default=8.0, validator=_of_field(above_zero))
    """The client's budget of retries. Each retry takes one from it; a call that succeeds gives back
    the retries that it took, and half a retry more. A call is not retried if the budget is used up,
    or if every attempt of the last ten seconds has failed. A full outage therefore causes only
    these few additional requests per client, however long it lasts. Raise it for a client that
    makes many calls at the same time."""
    on_retry: Callable[[RetryEvent], None] | None = field(
        default=None, eq=False, repr=False, validator=_of_field(function_or_none)
    )
    """Called before each wait; for metrics. An exception that it raises ends the call."""


DEFAULT_RETRY: Final = RetryPolicy()
