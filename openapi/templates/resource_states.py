"""The known states of each kind of resource, and what each state means to a waiter.

The states are from the contract (indexes, collections) or the documentation (backups and restore
jobs, whose states the contract does not list; the two name a failed backup differently). An unknown
state counts as `at work`, so that a new state of the API never ends a wait.
"""

from typing import Final, Literal, TypeAlias

Verdict: TypeAlias = Literal["ready", "failed", "at work"]

INDEX: Final[dict[str, Verdict]] = {
    "Initializing": "at work",
    "InitializationFailed": "failed",
    "ScalingUp": "at work",
    "ScalingDown": "at work",
    "ScalingUpPodSize": "at work",
    "ScalingDownPodSize": "at work",
    "Terminating": "failed",
    "Ready": "ready",
    "Disabled": "failed",
}
COLLECTION: Final[dict[str, Verdict]] = {
    "Initializing": "at work",
    "Ready": "ready",
    "Terminating": "failed",
}
BACKUP: Final[dict[str, Verdict]] = {
    "Initializing": "at work",
    "Ready": "ready",
    "InitializationFailed": "failed",
    "Failed": "failed",
}
RESTORE_JOB: Final[dict[str, Verdict]] = {
    "Pending": "at work",
    "Completed": "ready",
    "Failed": "failed",
    "Cancelled": "failed",
}
