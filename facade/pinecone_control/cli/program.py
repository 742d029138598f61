"""The command's name, and the codes that it exits with."""

from typing import Final

import click

from pinecone_control.errors import (
    OperationFailedError,
    PineconeConnectionError,
    PineconeTimeoutError,
    PineconeValueError,
    RateLimitError,
    ServiceError,
    WaitTimeoutError,
)

PROGRAM: Final = "pinecone-control"
COMPLETION_VARIABLE: Final = "_PINECONE_CONTROL_COMPLETE"
"""Set by a shell that wants completions instead of a run."""

DONE: Final = 0
REFUSED: Final = 1
USAGE: Final = 2
TIMED_OUT: Final = 3
FAILED: Final = 4
INTERRUPTED: Final = 130
PIPE_CLOSED: Final = 141
"""As the shell shows it for a program that the signal SIGPIPE has ended."""

_EXIT_CODES: Final[tuple[tuple[type[BaseException], int], ...]] = (
    (click.ClickException, USAGE),
    (PineconeValueError, USAGE),
    (WaitTimeoutError, TIMED_OUT),
    (OperationFailedError, FAILED),
    (click.Abort, INTERRUPTED),
    (KeyboardInterrupt, INTERRUPTED),
    (BaseException, REFUSED),
)

PASSING: Final = (
    PineconeConnectionError,
    PineconeTimeoutError,
    RateLimitError,
    ServiceError,
)
"""Errors of a call that another try, later, may not meet."""


def exit_code(error: BaseException) -> int:
    """Return the exit code of an error."""
    return next(code for kind, code in _EXIT_CODES if isinstance(error, kind))
