"""An error as two lines on stderr: what happened, and what to do about it."""

import shlex
from typing import Final

from pinecone_control._core.text import shown
from pinecone_control.cli.commands import PROGRAM
from pinecone_control.cli.screen import say, styled
from pinecone_control.errors import (
    Argument,
    Call,
    CallError,
    OperationFailedError,
    PineconeError,
    UnauthorizedError,
)

_COMMANDS: Final = {
    "describe_index": "indexes describe {}",
    "describe_collection": "collections describe {}",
    "describe_backup": "backups describe {}",
    "list_backups": "backups list --index {}",
    "list_restore_jobs": "restore-jobs list",
    "configure_index": "indexes configure {} --unprotect",
    "wait_for_index": "indexes wait {}",
    "wait_for_backup": "backups wait {}",
    "wait_for_restore_job": "restore-jobs wait {}",
    "wait_for_restore_jobs": "restore-jobs wait {}",
}
"""The command for a call of the client that an error advises."""
_OPTIONS: Final = {
    "allow_plain_http": "--allow-plain-http",
    "api_key": "--api-key-file or --profile",
    "deadline": "--deadline SECONDS",
    "deletion_protection": "--protect or --unprotect",
    "embed": "(in the library) embed",
    "pod_type": "--pod-type",
    "replicas": "--replicas",
    "tags": "--tag",
    "timeout": "--deadline SECONDS",
    "vector_type": "--vector-type sparse",
    "verify": "--ca-file FILE",
}
"""The option for an argument of the client that an error advises."""


def _command_or_option(step: Call | Argument) -> str:
    if isinstance(step, Argument):
        return _OPTIONS[step.name]
    (given,) = step.arguments or ("",)
    names = given if isinstance(given, list) else [given]
    return f"`{PROGRAM} {_COMMANDS[step.method].format(shlex.join(map(str, names)))}`"


def tell(what: str, hint: str = "") -> None:
    """Write an error to stderr: a line for what happened, a line for what to do."""
    say(f"{styled('error:', 'red')} {shown(what, 2000)}")
    if hint:
        say(f"{styled('hint:', 'cyan')} {shown(hint, 2000)}")


def hint_of(error: PineconeError) -> str:
    """Return what to do about an error, in terms of this command where it has some."""
    hint = error.advice.said(_command_or_option)
    match error:
        case UnauthorizedError():
            hint = hint.replace("the api_key argument", "--api-key-file or the profile")
        case CallError(outcome_unknown=True, operation="create_index_from_backup"):
            hint = f"Look before trying again: {PROGRAM} restore-jobs list"
        case OperationFailedError():
            hint = "Waiting longer will not change it: begin again, or ask support."
    return hint
