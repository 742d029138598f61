# Derived from _async/waiting.py by scripts/generate/derive_sync.py. Do not edit.
"""Wait until a resource is ready: one loop for all kinds of resources."""

from collections.abc import Callable
from typing import Final, Generic, TypeVar

from pinecone_control._core.poll_pauses import check_wait, pauses
from pinecone_control._core.text import shown
from pinecone_control._core.wait_conditions import WaitCondition
from pinecone_control._http.deadline import calls_end_at
from pinecone_control.clock import Clock
from pinecone_control.errors import (
    ApiError,
    CallError,
    NotFoundError,
    OperationFailedError,
    ServiceError,
    WaitTimeoutError,
)
from pinecone_control.retry import RETRIED_STATUSES

T = TypeVar("T")

# Seconds that the last request of a wait may take, so that it reports the state at its end.
_LAST_LOOK: Final = 1.0
# Seconds. If no more than this is left of a wait, its next request is the last.
_SHORTEST_LOOK: Final = 0.01


def wait_until_ready(
    look: Callable[[], T],
    condition: WaitCondition[T],
    name: str,
    *,
    clock: Clock,
    timeout: float,
    poll_interval: float | None = None,
    on_update: Callable[[T], None] | None = None,
) -> T:
    """Request the resource repeatedly until it is ready, has failed, or the time is up.

    A temporary failure (no connection, 408, 429, 5xx, a proxy's page) ends the wait only if no
    state has been seen yet, the client's own retries have failed too, and time is left of the wait:
    then the host may be wrong. Later only the wait's `timeout` ends it, so that an outage in the
    middle of a long restore does no harm. A Retry-After is honoured even if it is longer than the
    deadline of a call; if it is longer than the rest of the wait, no further request is sent.

    Args:
        look: fetches the resource.
        condition: how to read its state.
        name: its name in errors.
        clock: the client's clock.
        timeout: seconds for the whole wait; the last request may take up to one second more.
        poll_interval: seconds between requests; None is adaptive.
        on_update: called with the resource at the first request and when its state has changed.

    Raises:
        OperationFailedError: it reached a state from which it will not become ready.
        WaitTimeoutError: the time is up; both carry the last state seen.
        NotFoundError: it did not exist for longer than its condition's `absence_grace`.
    """
    check_wait(timeout=timeout, poll_interval=poll_interval, on_update=on_update)
    started = clock.monotonic()
    ends = started + timeout
    watch = _Watch(condition, on_update)
    trouble: CallError | None = None
    for pause in pauses(poll_interval):
        began = clock.monotonic()
        is_last = ends - began <= _SHORTEST_LOOK
        asked = 0.0
        try:
            with calls_end_at(began + _LAST_LOOK if is_last else ends, clock):
                resource = look()
        except CallError as error:
            if not is_last:
                now = clock.monotonic()
                if not watch.tolerates(error, now, had_its_chance=now < ends):
                    raise
                trouble = error
                asked = retry_after(error) or 0.0
        else:
            trouble = None
            watch.note(resource)
            match condition.verdict(resource):
                case "ready":
                    return resource
                case "failed":
                    raise _failed(condition, name, resource, clock.monotonic() - started)
        rest = max(ends - clock.monotonic(), 0.0)
        if not is_last:
            clock.sleep(min(asked + pause, rest))
        if is_last or asked > rest:
            raise _timed_out(condition, name, watch.last, timeout, trouble) from trouble
    raise AssertionError("pauses never end")


class _Watch(Generic[T]):
    """The last state of the resource, and since when it has been missing."""

    def __init__(self, condition: WaitCondition[T], on_update: Callable[[T], None] | None) -> None:
        self._condition = condition
        self._on_update = on_update
        self._missing_since: float | None = None
        self.last: T | None = None

    def note(self, resource: T) -> None:
        snapshot = self._condition.snapshot
        is_news = self.last is None or snapshot(resource) != snapshot(self.last)
        self.last = resource
        self._missing_since = None
        if is_news and self._on_update is not None:
            self._on_update(resource)

    def tolerates(self, error: CallError, now: float, *, had_its_chance: bool) -> bool:
        """Return whether the wait continues after this error."""
        if isinstance(error, NotFoundError):
            if self._missing_since is None:
                self._missing_since = now
            return now - self._missing_since < self._condition.absence_grace
        says_when = retry_after(error) is not None
        return may_pass(error) and (says_when or self.last is not None or not had_its_chance)


def may_pass(error: CallError) -> bool:
    """Return whether the same request may succeed a little later."""
    if isinstance(error, ApiError):
        has_trouble = error.status_code in RETRIED_STATUSES or isinstance(error, ServiceError)
        return has_trouble or not error.from_api
    return True


def retry_after(error: CallError) -> float | None:
    """Return the seconds of the server's Retry-After, if it sent one."""
    return error.retry_after if isinstance(error, ApiError) else None


def _failed(
    condition: WaitCondition[T], name: str, resource: T, seconds: float
) -> OperationFailedError[T]:
    return OperationFailedError(
        f"{condition.failure(name, resource)} will not become ready: {condition.state(resource)} "
        f"[after {seconds:.0f} s of waiting]",
        hint="This state is final. The error's `last` holds it.",
        last=resource,
    )


def _timed_out(
    condition: WaitCondition[T],
    name: str,
    last: T | None,
    timeout: float,
    trouble: CallError | None,
) -> WaitTimeoutError[T]:
    state = "it was not seen" if last is None else f"last state: {shown(condition.state(last))}"
    doubt = f"; the last request failed: {trouble.reason or trouble.what}" if trouble else ""
    return WaitTimeoutError(
        f"{condition.kind} {name}: not {condition.goal} when the wait reached its timeout of "
        f"{timeout:g} s; {state}{doubt}",
        hint="Check the name or id, and wait again."
        if last is None
        else "The operation continues on the server. Wait again, with a larger timeout if needed.",
        last=last,
    )
