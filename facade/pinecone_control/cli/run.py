"""Runs a command line: whatever happens ends in lines for a person and an exit code."""

import errno
import os
import sys
import traceback
from collections.abc import Sequence
from typing import Final

import click
from click.exceptions import Exit, NoArgsIsHelpError
from click.shell_completion import shell_complete

from pinecone_control.cli.commands import PROGRAM, root
from pinecone_control.cli.exits import DONE, PIPE_CLOSED, REFUSED, code_of
from pinecone_control.cli.hints import hint_of, tell
from pinecone_control.cli.screen import say
from pinecone_control.errors import PineconeError

_COMPLETION: Final = "_PINECONE_CONTROL_COMPLETE"
_UNWRITABLE: Final = frozenset(
    {errno.EPIPE, errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF}
)
"""What writing to stdout can end in; nothing else of this program lets these through."""


def run(arguments: Sequence[str]) -> int:
    """Run a command line; return the exit code after telling any error."""
    if not _has_streams():
        tell("cannot write the output: standard output is closed")
        return REFUSED
    _make_printable()
    try:
        code = _run(list(arguments))
        sys.stdout.flush()
    except BrokenPipeError:
        _let_go_of_output()
        return PIPE_CLOSED
    except OSError as error:
        if error.errno not in _UNWRITABLE:
            raise
        _let_go_of_output()
        tell(f"cannot write the output: {error.strerror}")
        return REFUSED
    return code


def _run(arguments: list[str]) -> int:
    if _COMPLETION in os.environ:
        return shell_complete(root, {}, PROGRAM, _COMPLETION, os.environ[_COMPLETION])
    try:
        with root.make_context(PROGRAM, arguments) as context:
            root.invoke(context)
    except Exit as end:
        return end.exit_code
    except (click.ClickException, click.Abort, KeyboardInterrupt, PineconeError) as error:
        return _told(error)
    except Exception as error:
        if isinstance(error, OSError) and error.errno in _UNWRITABLE:
            raise
        return _unforeseen(error, arguments)
    return DONE


def _told(error: BaseException) -> int:
    match error:
        case NoArgsIsHelpError():
            say(error.format_message())
        case click.ClickException():
            tell(error.format_message(), _where_to_look(error))
        case PineconeError():
            tell(error.what, hint_of(error))
        case _:
            say("interrupted")
    return code_of(error)


def _where_to_look(error: click.ClickException) -> str:
    context = getattr(error, "ctx", None)
    return f"See: {PROGRAM if context is None else context.command_path} --help"


def _unforeseen(error: Exception, arguments: list[str]) -> int:
    if "--debug" in arguments:
        traceback.print_exception(error)
    tell(
        f"this should not have happened: {type(error).__name__}: {error}",
        "Please report it, with the output of the same command with --debug.",
    )
    return REFUSED


def _has_streams() -> bool:
    """Whether there is a stdout; what was closed otherwise is replaced by nothing."""
    # Python has None for a stream that was closed before it started.
    if getattr(sys, "stdin", None) is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: PTH123, SIM115
    if getattr(sys, "stderr", None) is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    return getattr(sys, "stdout", None) is not None


def _let_go_of_output() -> None:
    # The interpreter flushes once more on its way out, and must not complain then.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _make_printable() -> None:
    """Let no character of a name end a command on a terminal that cannot show it."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
