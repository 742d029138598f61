"""The states that resources are known to have, and what each means. The one place that says so.

From the contract (indexes, collections) or the documentation (backups and restore jobs, whose
states the contract leaves open; it and the documentation differ in the word for a failed backup).
A state that is not named here is taken as still at work: a new one must never end a wait.
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
