"""How a waiter reads the state of what it waits for; `resource_states` says what it means."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final, Generic, Protocol, TypeVar

from attrs import evolve, frozen

from pinecone_control_api import models, resource_states
from pinecone_control_api.base import Model
from pinecone_control_api.resource_states import Verdict

T = TypeVar("T")
T_contra = TypeVar("T_contra", contravariant=True)


class Waitable(Protocol[T_contra]):
    """What a waiter needs to know of the thing it waits for: one resource, or many."""

    @property
    def kind(self) -> str: ...
    @property
    def goal(self) -> str: ...
    @property
    def absence_grace(self) -> float: ...
    @property
    def state(self) -> Callable[[T_contra], str]: ...
    def verdict(self, resource: T_contra) -> Verdict: ...
    def snapshot(self, resource: T_contra) -> object: ...


@frozen
class Lifecycle(Generic[T]):
    """How to read the state of one kind of resource."""

    kind: str
    state: Callable[[T], str]
    verdicts: Mapping[str, Verdict]
    progress: Callable[[T], object]
    """What makes two looks at the resource different, besides its state."""
    goal: str = "ready"
    """What it is waited to be, for messages."""
    absence_grace: float = 0.0
    """Seconds for which a 404 does not end a wait."""

    def verdict(self, resource: T) -> Verdict:
        return self.verdicts.get(self.state(resource), "at work")

    def snapshot(self, resource: T) -> object:
        return self.state(resource), self.progress(resource)


FRESH_GRACE: Final = 30.0
"""Seconds for which a resource that was just created may be unknown. That a restore job can be is
from the documentation; that others can be, and the 30 seconds, are assumptions."""


def _nothing_more(_: object) -> object:
    return None


INDEX: Final[Lifecycle[models.Index]] = Lifecycle(
    kind="index",
    # The contract gives both a state and a flag; a Ready index that does not serve is not ready.
    state=lambda index: (
        index.status.state
        if index.is_ready or index.status.state != "Ready"
        else "Ready, not serving"
    ),
    verdicts=resource_states.INDEX,
    progress=lambda index: index.status.ready,
)
DELETED_INDEX: Final[Lifecycle[models.Index | None]] = Lifecycle(
    kind="index",
    state=lambda index: "deleted" if index is None else index.status.state,
    verdicts={"deleted": "ready"},
    goal="gone",
    progress=_nothing_more,
)
BACKUP: Final[Lifecycle[models.Backup]] = Lifecycle(
    kind="backup",
    state=lambda backup: backup.status,
    verdicts=resource_states.BACKUP,
    progress=_nothing_more,
)
RESTORE_JOB: Final[Lifecycle[models.RestoreJob]] = Lifecycle(
    kind="restore job",
    state=lambda job: job.status,
    verdicts=resource_states.RESTORE_JOB,
    progress=lambda job: job.percent_complete,
    absence_grace=FRESH_GRACE,
)


def as_known(lifecycle: Lifecycle[T], given: Iterable[object]) -> Lifecycle[T]:
    """Return how to wait for what was given: models, or names and ids.

    A model is of an earlier answer: that the resource exists is known, and a 404 may pass.
    """
    return surely_there(lifecycle) if all(isinstance(each, Model) for each in given) else lifecycle


def surely_there(lifecycle: Lifecycle[T]) -> Lifecycle[T]:
    """Return how to wait for what is known to exist."""
    return evolve(lifecycle, absence_grace=FRESH_GRACE)


def is_another_index(before: models.Index, now: models.Index) -> bool:
    """Return whether the index of a name is another one than was seen under it before.

    The contract gives an index no id. Told apart is what one index cannot have been both times: a
    deletion that came to its end (assumption: none is undone), or other vectors.
    """
    vectors = ((one.dimension, one.metric, one.vector_type) for one in (before, now))
    differ = any(None not in pair and pair[0] != pair[1] for pair in zip(*vectors, strict=True))
    return differ or (before.status.state == "Terminating" and now.status.state != "Terminating")


@frozen
class GroupLifecycle(Generic[T]):
    """The lifecycle of a group of resources: at work until the last of them has ended."""

    one: Lifecycle[T]
    count: int
    """How many there are; fewer were seen so far while some are not found yet."""

    @property
    def kind(self) -> str:
        return f"{self.one.kind}s"

    @property
    def goal(self) -> str:
        return self.one.goal

    @property
    def absence_grace(self) -> float:
        """Nothing: the group itself bears a 404 of each resource, as long as `one` says."""
        return 0.0

    def state(self, resource: list[T]) -> str:
        unseen: list[str] = ["not seen yet"] * (self.count - len(resource))
        verdicts = unseen + [self.one.verdict(each) for each in resource]
        return ", ".join(
            f"{verdicts.count(verdict)} {verdict}" for verdict in dict.fromkeys(sorted(verdicts))
        )

    def verdict(self, resource: list[T]) -> Verdict:
        verdicts = {self.one.verdict(each) for each in resource}
        if "at work" in verdicts or len(resource) < self.count:
            return "at work"
        return "failed" if "failed" in verdicts else "ready"

    def snapshot(self, resource: list[T]) -> object:
        return [self.one.snapshot(each) for each in resource]
