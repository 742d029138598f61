"""Runs a command line: whatever happens ends in lines for a person and an exit code."""

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


def run(arguments: Sequence[str]) -> int:
    """Run a command line; return the exit code after telling any error."""
    _make_printable()
    try:
        code = _run(list(arguments))
        sys.stdout.flush()
    except BrokenPipeError:
        # The interpreter flushes once more on its way out, and must not complain then.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    return code


def _run(arguments: list[str]) -> int:
    if _COMPLETION in os.environ:
        return shell_complete(root, {}, PROGRAM, _COMPLETION, os.environ[_COMPLETION])
    try:
        with root.make_context(PROGRAM, arguments) as context:
            root.invoke(context)
    except Exit as end:
        return end.exit_code
    except BrokenPipeError:
        raise
    except (click.ClickException, click.Abort, KeyboardInterrupt, PineconeError) as error:
        return _told(error)
    except Exception as error:  # noqa: BLE001 - a person at a terminal is not shown a traceback
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


def _make_printable() -> None:
    """Let no character of a name end a command on a terminal that cannot show it."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
