"""Plans: duration and final state of the next resources."""

from __future__ import annotations

from typing import Literal

from attrs import frozen

from pinecone_control.emulator.clock import LONGEST_SECONDS
from pinecone_control.emulator.scenarios.limited_queue import LimitedQueue

Kind = Literal["index", "collection", "backup", "restore_job"]

OUTCOMES: dict[str, tuple[str, ...]] = {
    "index": ("Ready", "InitializationFailed", "Disabled"),
    "collection": ("Ready",),
    "backup": ("Ready", "InitializationFailed", "Failed"),
    "restore_job": ("Completed", "Failed", "Cancelled"),
}
"""Final states of each kind, by contract or documentation; the first is the default."""

_DEFAULT_PERCENT = 50.0


def checked_outcome(kind: str, outcome: str | None) -> str:
    """Return the final state of a resource of a kind; None means success.

    Raises:
        ValueError: the kind cannot end so.
    """
    known = OUTCOMES[kind]
    if outcome is not None and outcome not in known:
        raise ValueError(f"the outcome of a {kind} is one of {', '.join(known)}; got {outcome!r}")
    return outcome or known[0]


@frozen(kw_only=True)
class Plan:
    """The duration and outcome of the next resource of a kind.

    Args:
        kind: ``index``, ``collection``, ``backup`` or ``restore_job``.
        seconds: emulated seconds until the resource reaches its final state; for a restore job, the
            duration of a complete restore. None keeps the emulator's setting.
        outcome: the final state, any that the contract or the documentation names; None means
            success.
        at_percent: progress at which an unsuccessful restore job ends. Default 50.
        name: apply the plan only to this name: that of the index or collection, of a backup's
            source index, or of a restore job's target index. None means any name.
        times: number of resources to apply the plan to; None means all of them. Default 1.

    Raises:
        ValueError: the kind does not have this value, or a number is out of range.
    """

    kind: Kind
    seconds: float | None = None
    outcome: str | None = None
    at_percent: float | None = None
    name: str | None = None
    times: int | None = 1

    def __attrs_post_init__(self) -> None:
        if self.kind not in OUTCOMES:
            raise ValueError(f"kind must be one of {', '.join(OUTCOMES)}; got {self.kind!r}")
        checked_outcome(self.kind, self.outcome)
        if self.seconds is not None and not 0 <= self.seconds <= LONGEST_SECONDS:
            raise ValueError(f"seconds must be 0 to {LONGEST_SECONDS:g}; got {self.seconds}")
        if self.times is not None and self.times < 1:
            raise ValueError(f"times must be 1 or more, or None for all; got {self.times}")
        if self.at_percent is not None:
            self._check_at_percent(self.at_percent)

    def _check_at_percent(self, at_percent: float) -> None:
        if self.kind != "restore_job" or self.outcome in {None, "Completed"}:
            raise ValueError("at_percent is for a restore job that ends as Failed or Cancelled")
        if not 0 <= at_percent <= 100:
            raise ValueError(f"at_percent must be 0 to 100; got {at_percent}")


@frozen
class Transition:
    """How a new resource reaches its final state.

    Attributes:
        duration: microseconds until the final state.
        outcome: the final state.
        full_duration: microseconds that success would take.
    """

    duration: int
    outcome: str
    full_duration: int


class Plans(LimitedQueue[Plan]):
    """Plans in the order in which they were added; the first that matches is used."""

    def next_transition(self, kind: Kind, name: str, default_seconds: float) -> Transition:
        """Return the transition of a new resource; this counts as one of its plan's `times`."""
        plan = self.take(lambda plan: plan.kind == kind and plan.name in {None, name})
        plan = plan or Plan(kind=kind)
        seconds = default_seconds if plan.seconds is None else plan.seconds
        outcome = checked_outcome(kind, plan.outcome)
        full_duration = round(seconds * 1_000_000)
        if kind == "restore_job" and outcome != "Completed":
            percent = _DEFAULT_PERCENT if plan.at_percent is None else plan.at_percent
            return Transition(round(full_duration * percent / 100), outcome, full_duration)
        return Transition(full_duration, outcome, full_duration)
