"""Error messages on stderr, with a hint on what to do, and exit codes."""

import shlex
from typing import Final

import click

from pinecone_control._core.text import shown
from pinecone_control.cli.interruption import Terminated
from pinecone_control.cli.output.terminal import say
from pinecone_control.errors import (
    ApiError,
    Argument,
    Call,
    CallError,
    OperationFailedError,
    PineconeConnectionError,
    PineconeError,
    PineconeTimeoutError,
    PineconeValueError,
    RateLimitError,
    ServiceError,
    WaitTimeoutError,
)

PROGRAM: Final = "pinecone-control"
COMPLETION_VARIABLE: Final = "_PINECONE_CONTROL_COMPLETE"
"""Set by a shell that requests completions."""

DONE: Final = 0
REFUSED: Final = 1
USAGE: Final = 2
TIMED_OUT: Final = 3
FAILED: Final = 4
INTERRUPTED: Final = 130
TERMINATED: Final = 143
"""The exit code that shells show for a program ended by SIGTERM."""
PIPE_CLOSED: Final = 141
"""The exit code that shells show for a program ended by SIGPIPE."""

_EXIT_CODES: Final[tuple[tuple[type[BaseException], int], ...]] = (
    (click.ClickException, USAGE),
    (PineconeValueError, USAGE),
    (WaitTimeoutError, TIMED_OUT),
    (OperationFailedError, FAILED),
    (click.Abort, INTERRUPTED),
    (Terminated, TERMINATED),
    (KeyboardInterrupt, INTERRUPTED),
    (BaseException, REFUSED),
)

PASSING: Final = (
    PineconeConnectionError,
    PineconeTimeoutError,
    RateLimitError,
    ServiceError,
)
"""Errors that may be temporary, so that a later call may succeed."""

_LONGEST: Final = 2000
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
"""Maps the client's methods that errors advise to commands."""
_OPTIONS: Final = {
    "allow_plain_http": "--allow-plain-http",
    "api_key": "--api-key-file FILE or --profile NAME",
    "deadline": "--deadline SECONDS",
    "deletion_protection": "--protect or --unprotect",
    "pod_type": "--pod-type",
    "replicas": "--replicas",
    "tags": "--tag",
    "timeout": "--deadline SECONDS",
    "vector_type": "--vector-type sparse",
    "verify": "--ca-file FILE",
}
"""Maps the client's arguments that errors name to options."""


def tell(what: str, hint: str = "") -> None:
    """Write an error to stderr: one line says what happened, a second one what to do."""
    say(shown(what, _LONGEST), label="error:", colour="red")
    if hint:
        say(shown(hint, _LONGEST), label="hint:", colour="cyan")


def tell_error(error: PineconeError, *, about: str = "", debug: bool = False) -> None:
    """Write an error of the client to stderr; `debug` adds the failed request."""
    tell(f"{about}: {fact_of(error)}" if about else fact_of(error), hint_of(error))
    call = error if isinstance(error, CallError) else error.__cause__
    if debug and isinstance(call, CallError):
        say(shown(str(call.args[0]), _LONGEST), label="call:", colour="cyan")


def fact_of(error: PineconeError) -> str:
    """Return what happened in plain words, with the details that a support request needs."""
    if not isinstance(error, CallError) or not error.reason:
        return error.what
    details = [f"{error.attempts} attempts"] if error.attempts > 1 else []
    if isinstance(error, ApiError):
        details.insert(0, " ".join(filter(None, (str(error.status_code), error.code))))
    if error.request_id and not _is_plain_refusal(error):
        details.append(f"request id {error.request_id}")
    ending = f" ({'; '.join(details)})" if details else ""
    where = "" if isinstance(error, ApiError) else f" at {error.host}"
    action = error.operation.replace("_", " ") or error.request
    return f"cannot {action}{where}: {error.reason}{ending}"


def _is_plain_refusal(error: CallError) -> bool:
    """Return whether the reason explains the error fully, so that no support request is needed."""
    return isinstance(error, ApiError) and error.status_code in {401, 403, 404, 409, 412}


def hint_of(error: PineconeError) -> str:
    """Return what to do about an error, in terms of commands and options."""
    match error:
        case CallError(outcome_unknown=True, operation="create_index_from_backup"):
            return f"Check whether the restore has started: {PROGRAM} restore-jobs list"
        case OperationFailedError():
            return "This state is final. Start the operation again, or contact support."
    return error.advice.said(_command_or_option)


def _command_or_option(step: Call | Argument) -> str:
    if isinstance(step, Argument):
        return _OPTIONS.get(step.name, step.name)
    (given,) = step.arguments or ("",)
    names = given if isinstance(given, list) else [given]
    return f"`{PROGRAM} {_COMMANDS[step.method].format(shlex.join(map(str, names)))}`"


def exit_code(error: BaseException) -> int:
    """Return the exit code of an error."""
    return next(code for kind, code in _EXIT_CODES if isinstance(error, kind))
