"""A group of resources to wait for together, with few requests."""

from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from pinecone_control._async.paging import AsyncPages
from pinecone_control._async.waiting import may_pass, retry_after, wait_until_ready
from pinecone_control._checks import function_or_none
from pinecone_control._core.wait_conditions import GroupWaitCondition, WaitCondition, first_three
from pinecone_control.clock import Clock
from pinecone_control.errors import CallError, NotFoundError, PineconeError
from pinecone_control_api.base import Model

T = TypeVar("T", bound=Model)


class AsyncResourceGroup(Generic[T]):
    """The resources of one kind that a waiter waits for, and their last known states.

    Each round goes through the listing until it has shown all resources in progress. Only those
    that the listing omits are described.

    Args:
        wanted: the ids of the resources, each once.
        condition: how to read the state of a resource.
        id_of: returns the id of a resource.
        pages: returns the listing.
        describe: fetches a resource that the listing omits.
        clock: the client's clock.
    """

    def __init__(
        self,
        wanted: list[str],
        condition: WaitCondition[T],
        *,
        id_of: Callable[[T], str],
        pages: Callable[[], AsyncPages[T]],
        describe: Callable[[str], Awaitable[T]],
        clock: Clock,
    ) -> None:
        self._wanted = wanted
        self._condition = condition
        self._id_of = id_of
        self._pages = pages
        self._describe = describe
        self._clock = clock
        self._seen: dict[str, T] = {}
        self._missing_since: dict[str, float] = {}

    async def wait(
        self,
        *,
        timeout: float,
        poll_interval: float | None,
        on_update: Callable[[T], None] | None,
    ) -> list[T]:
        """Wait until all have ended; return them in the order of `wanted`.

        Args:
            timeout: seconds for the whole wait.
            poll_interval: seconds between rounds; None is adaptive.
            on_update: called with a resource when it is first seen and when its state has changed.

        Raises:
            PineconeError: see `wait_until_ready`.
        """
        function_or_none("on_update", on_update)
        if not self._wanted:
            return []
        return await wait_until_ready(
            self._look,
            GroupWaitCondition(self._condition, len(self._wanted), self._id_of),
            first_three(self._wanted),
            clock=self._clock,
            timeout=timeout,
            poll_interval=poll_interval,
            on_update=self._for_each_change(on_update),
        )

    async def _look(self) -> list[T]:
        """Return the resources seen so far, in the order of `wanted`.

        If a round fails in the middle, what it has seen before is kept.
        """
        try:
            unlisted = await self._list(self._at_work())
            for wanted in sorted(unlisted):
                await self._look_at(wanted)
        except CallError as error:
            can_go_on = self._seen and may_pass(error) and retry_after(error) is None
            if isinstance(error, NotFoundError) or not can_go_on:
                raise  # the wait honours the Retry-After
        return [self._seen[wanted] for wanted in self._wanted if wanted in self._seen]

    def _for_each_change(self, on_update: Callable[[T], None] | None) -> Callable[[list[T]], None]:
        """Return a function that takes all resources and calls `on_update` for each changed one."""
        told: dict[str, object] = {}

        def tell(resources: list[T]) -> None:
            for resource in resources:
                state = self._condition.snapshot(resource)
                if told.get(self._id_of(resource)) != state and on_update is not None:
                    told[self._id_of(resource)] = state
                    on_update(resource)

        return tell

    def _at_work(self) -> set[str]:
        return {
            wanted
            for wanted in self._wanted
            if wanted not in self._seen or self._condition.verdict(self._seen[wanted]) == "at work"
        }

    async def _list(self, looked_for: set[str]) -> set[str]:
        """Go through the listing until all are seen; return the ids that it omits."""
        try:
            async for page in self._pages():
                for resource in page.data:
                    if self._id_of(resource) in looked_for:
                        looked_for.discard(self._id_of(resource))
                        self._note(self._id_of(resource), resource)
                if not looked_for:
                    break
        except CallError:
            raise
        except PineconeError:
            pass  # an endless listing omits what it has not shown so far
        return looked_for

    async def _look_at(self, wanted: str) -> None:
        try:
            self._note(wanted, await self._describe(wanted))
        except NotFoundError:
            now = self._clock.monotonic()
            since = self._missing_since.setdefault(wanted, now)
            if now - since >= self._condition.absence_grace:
                raise

    def _note(self, wanted: str, resource: T) -> None:
        # Under the requested id: the server may spell it differently.
        self._seen[wanted] = resource
        self._missing_since.pop(wanted, None)
