"""The exit codes."""

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

DONE: Final = 0
REFUSED: Final = 1
USAGE: Final = 2
TIMED_OUT: Final = 3
FAILED: Final = 4
INTERRUPTED: Final = 130
PIPE_CLOSED: Final = 141
"""As the shell shows it for a program that the signal SIGPIPE has ended."""

PASSING: Final = (
    PineconeConnectionError,
    PineconeTimeoutError,
    RateLimitError,
    ServiceError,
)
"""Errors of a call that another try, later, may not meet."""


def code_of(error: BaseException) -> int:
    """Return the exit code of an error."""
    match error:
        case click.ClickException() | PineconeValueError():
            return USAGE
        case WaitTimeoutError():
            return TIMED_OUT
        case OperationFailedError():
            return FAILED
        case click.Abort() | KeyboardInterrupt():
            return INTERRUPTED
    return REFUSED
