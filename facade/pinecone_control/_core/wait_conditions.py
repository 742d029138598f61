"""Wait conditions: how a waiter reads the state of each kind of resource."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import ClassVar, Final, Generic, TypeVar

from pinecone_control_api import models, resource_states
from pinecone_control_api.base import Model
from pinecone_control_api.resource_states import Verdict

T = TypeVar("T")

FRESH_GRACE: Final = 30.0
"""Seconds for which a resource that was just created may be unknown. The documentation says so of
restore jobs; that it also holds for other resources, and the 30 seconds, are assumptions."""


class WaitCondition(Generic[T]):
    """How to read the state of one kind of resource.

    Args:
        absence_grace: seconds for which a 404 does not end a wait.
    """

    kind: str
    goal: ClassVar[str] = "ready"
    verdicts: ClassVar[Mapping[str, Verdict]]

    def __init__(self, absence_grace: float = 0.0) -> None:
        self.absence_grace = absence_grace

    def state(self, resource: T) -> str:
        raise NotImplementedError

    def verdict(self, resource: T) -> Verdict:
        return self.verdicts.get(self.state(resource), "at work")

    def snapshot(self, resource: T) -> object:
        """Return the value whose change counts as an update of the resource."""
        return self.state(resource)

    def failure(self, name: str, resource: T) -> str:  # noqa: ARG002 - a group needs the resource
        """Return what failed, with its kind; `name` is that of all that is waited for."""
        return f"{self.kind} {name}"


class _Index(WaitCondition["models.Index"]):
    kind = "index"
    verdicts = resource_states.INDEX

    def state(self, resource: models.Index) -> str:
        # The contract has both a state and a flag; a Ready index that does not serve is not ready.
        status = resource.status
        serves = resource.is_ready or status.state != "Ready"
        return status.state if serves else "Ready, not serving"

    def snapshot(self, resource: models.Index) -> object:
        return resource.status.state, resource.status.ready


class _DeletedIndex(WaitCondition["models.Index | None"]):
    kind = "index"
    goal = "gone"
    verdicts: ClassVar[Mapping[str, Verdict]] = {"deleted": "ready"}

    def state(self, resource: models.Index | None) -> str:
        return "deleted" if resource is None else resource.status.state


class _Backup(WaitCondition["models.Backup"]):
    kind = "backup"
    verdicts = resource_states.BACKUP

    def state(self, resource: models.Backup) -> str:
        return resource.status


class _RestoreJob(WaitCondition["models.RestoreJob"]):
    kind = "restore job"
    verdicts = resource_states.RESTORE_JOB

    def state(self, resource: models.RestoreJob) -> str:
        return resource.status

    def snapshot(self, resource: models.RestoreJob) -> object:
        return resource.status, resource.percent_complete


INDEX: Final = _Index()
DELETED_INDEX: Final = _DeletedIndex()
BACKUP: Final = _Backup()
RESTORE_JOB: Final = _RestoreJob(FRESH_GRACE)


def as_known(condition: WaitCondition[T], given: Iterable[object]) -> WaitCondition[T]:
    """Return the condition, with a grace period if the caller passed models, not names or ids.

    A model comes from an earlier response, so the resource exists, and a 404 may be temporary.
    """
    return surely_there(condition) if all(isinstance(each, Model) for each in given) else condition


def surely_there(condition: WaitCondition[T]) -> WaitCondition[T]:
    """Return the condition with a grace period, for a resource that is known to exist."""
    return type(condition)(FRESH_GRACE)


def is_another_index(before: models.Index, now: models.Index) -> bool:
    """Return whether two indexes with the same name, seen at different times, are different ones.

    The contract gives an index no id. Two indexes are known to be different if the first one was
    being deleted and the second one is not (assumption: a deletion is never undone), or if their
    vectors differ.
    """
    vectors = ((one.dimension, one.metric, one.vector_type) for one in (before, now))
    differ = any(None not in pair and pair[0] != pair[1] for pair in zip(*vectors, strict=True))
    return differ or (before.status.state == "Terminating" and now.status.state != "Terminating")


class GroupWaitCondition(WaitCondition[list[T]]):
    """How to read the state of a group, which is at work until its last resource has ended.

    Its own `absence_grace` is zero: the group applies that of `one` to each resource.

    Args:
        one: the condition of each resource.
        count: the number of resources, including those not seen yet.
        id_of: returns the id of a resource.
    """

    def __init__(self, one: WaitCondition[T], count: int, id_of: Callable[[T], str]) -> None:
        super().__init__()
        self._one = one
        self._count = count
        self._id_of = id_of
        self.kind = one.kind if count == 1 else f"{one.kind}s"

    def state(self, resource: list[T]) -> str:
        unseen: list[str] = ["not seen yet"] * (self._count - len(resource))
        verdicts = unseen + [self._one.verdict(each) for each in resource]
        return ", ".join(
            f"{verdicts.count(verdict)} {verdict}" for verdict in dict.fromkeys(sorted(verdicts))
        )

    def verdict(self, resource: list[T]) -> Verdict:
        verdicts = {self._one.verdict(each) for each in resource}
        if "at work" in verdicts or len(resource) < self._count:
            return "at work"
        return "failed" if "failed" in verdicts else "ready"

    def snapshot(self, resource: list[T]) -> object:
        return [self._one.snapshot(each) for each in resource]

    def failure(self, name: str, resource: list[T]) -> str:  # noqa: ARG002 - names the failed ones
        failed = [self._id_of(each) for each in resource if self._one.verdict(each) == "failed"]
        return f"{self._one.kind}{'s' if len(failed) > 1 else ''} {first_three(failed)}"


def first_three(names: Sequence[str]) -> str:
    """Return the first three names, and the number of the others."""
    more = len(names) - 3
    return ", ".join(names[:3]) + (f" and {more} more" if more > 0 else "")
