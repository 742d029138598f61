# Derived from _async/resource_group.py by scripts/generate/derive_sync.py. Do not edit.
"""A group of resources that are waited for together, looked up with few requests."""

from collections.abc import Callable
from typing import Generic, TypeVar

from pinecone_control._checks import function_or_none
from pinecone_control._core.lifecycles import GroupLifecycle, Lifecycle
from pinecone_control._sync.paging import Pages
from pinecone_control._sync.waiting import may_pass, retry_after, wait_until_ready
from pinecone_control.clock import Clock
from pinecone_control.errors import CallError, NotFoundError, PineconeError
from pinecone_control_api.base import Model

T = TypeVar("T", bound=Model)


class ResourceGroup(Generic[T]):
    """Resources of one kind that are waited for together: what was seen of them.

    Each look goes through the listing until all that are still at work were seen; only those that
    the listing leaves out are described.

    Args:
        wanted: their ids, each once.
        lifecycle: how to read the state of one.
        id_of: returns the id of one.
        pages: returns the listing that shows them.
        describe: fetches one, where the listing leaves it out.
        clock: what time it is, and how to pause.
    """

    def __init__(
        self,
        wanted: list[str],
        lifecycle: Lifecycle[T],
        *,
        id_of: Callable[[T], str],
        pages: Callable[[], Pages[T]],
        describe: Callable[[str], T],
        clock: Clock,
    ) -> None:
        self._wanted = wanted
        self._lifecycle = lifecycle
        self._id_of = id_of
        self._pages = pages
        self._describe = describe
        self._clock = clock
        self._seen: dict[str, T] = {}
        self._missing_since: dict[str, float] = {}

    def wait(
        self,
        *,
        timeout: float,
        poll_interval: float | None,
        on_update: Callable[[T], None] | None,
    ) -> list[T]:
        """Wait until all have ended; return them in the order of `wanted`.

        Args:
            timeout: seconds for the whole wait.
            poll_interval: seconds between looks; None is adaptive.
            on_update: called with a resource when it is first seen and whenever its state is new.

        Raises:
            PineconeError: see `wait_until_ready`.
        """
        function_or_none("on_update", on_update)
        if not self._wanted:
            return []
        more = len(self._wanted) - 3
        return wait_until_ready(
            self._look,
            GroupLifecycle(self._lifecycle, len(self._wanted)),
            ", ".join(self._wanted[:3]) + (f" and {more} more" if more > 0 else ""),
            clock=self._clock,
            timeout=timeout,
            poll_interval=poll_interval,
            on_update=self._for_each_change(on_update),
        )

    def _look(self) -> list[T]:
        """Return the resources seen so far, in the order they were asked for.

        Trouble in the middle of a look costs only what it kept from being seen.
        """
        try:
            unlisted = self._list(self._at_work())
            for wanted in sorted(unlisted):
                self._look_at(wanted)
        except CallError as error:
            can_go_on = self._seen and may_pass(error) and retry_after(error) is None
            if isinstance(error, NotFoundError) or not can_go_on:
                raise  # a Retry-After is for the wait to honour
        return [self._seen[wanted] for wanted in self._wanted if wanted in self._seen]

    def _for_each_change(self, on_update: Callable[[T], None] | None) -> Callable[[list[T]], None]:
        """Return a function of all resources that calls `on_update` for each that has changed."""
        told: dict[str, object] = {}

        def tell(resources: list[T]) -> None:
            for resource in resources:
                state = self._lifecycle.snapshot(resource)
                if told.get(self._id_of(resource)) != state and on_update is not None:
                    told[self._id_of(resource)] = state
                    on_update(resource)

        return tell

    def _at_work(self) -> set[str]:
        return {
            wanted
            for wanted in self._wanted
            if wanted not in self._seen or self._lifecycle.verdict(self._seen[wanted]) == "at work"
        }

    def _list(self, looked_for: set[str]) -> set[str]:
        """Go through the listing until all are seen; return those that it leaves out."""
        try:
            for page in self._pages():
                for resource in page.data:
                    if self._id_of(resource) in looked_for:
                        looked_for.discard(self._id_of(resource))
                        self._note(self._id_of(resource), resource)
                if not looked_for:
                    break
        except CallError:
            raise
        except PineconeError:
            pass  # a listing without end leaves out what it has not shown so far
        return looked_for

    def _look_at(self, wanted: str) -> None:
        try:
            self._note(wanted, self._describe(wanted))
        except NotFoundError:
            now = self._clock.monotonic()
            since = self._missing_since.setdefault(wanted, now)
            if now - since >= self._lifecycle.absence_grace:
                raise

    def _note(self, wanted: str, resource: T) -> None:
        # Under the id that was asked for: the server may spell it in other letters.
        self._seen[wanted] = resource
        self._missing_since.pop(wanted, None)
