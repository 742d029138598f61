"""The top-level command: its subcommands, and how a run ends."""

import errno
import os
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module
from typing import ClassVar, Final, TextIO

import click
from click.exceptions import Exit, NoArgsIsHelpError, NoSuchCommand
from click.shell_completion import shell_complete

from pinecone_control.cli.commands import Verbs
from pinecone_control.cli.errors import (
    COMPLETION_VARIABLE,
    DONE,
    PIPE_CLOSED,
    PROGRAM,
    REFUSED,
    exit_code,
    tell,
    tell_error,
)
from pinecone_control.cli.output.terminal import say
from pinecone_control.errors import PineconeError

_SETTINGS: Final = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
_HOMES: Final = {
    "indexes": "indexes:indexes",
    "collections": "collections:collections",
    "backups": "backups.group:backups",
    "restore-jobs": "restore_jobs:restore_jobs",
    "emulator": "emulator:emulator",
    "contract": "contract:contract",
    "status": "about:status",
    "profiles": "about:profiles",
    "completion": "about:completion",
    "version": "about:version",
    "help": "about:help_",
}
_UNWRITABLE: Final = frozenset(
    {errno.EPIPE, errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF}
)
"""Error numbers of a failed write to stdout. Other code handles its own errors with these."""


class _Nouns(Verbs):
    """The top-level group. A subcommand's module is imported when the subcommand is used."""

    aliases: ClassVar = {
        "index": "indexes",
        "collection": "collections",
        "backup": "backups",
        "restore-job": "restore-jobs",
        "restores": "restore-jobs",
        "job": "restore-jobs",
        "jobs": "restore-jobs",
        "profile": "profiles",
        "whoami": "status",
    }

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_HOMES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        name = self.aliases.get(cmd_name, cmd_name)
        if name not in _HOMES:
            return None
        module, attribute = _HOMES[name].split(":")
        command: click.Command = getattr(
            import_module(f"pinecone_control.cli.commands.{module}"), attribute
        )
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command. If a verb was typed before its noun, the error shows the right order."""
        try:
            return super().resolve_command(ctx, args)
        except NoSuchCommand as error:
            groups = {name: self.get_command(ctx, name) for name in self.list_commands(ctx)}
            nouns = [
                name
                for name, group in groups.items()
                if isinstance(group, click.Group) and group.get_command(ctx, args[0])
            ]
            if not nouns:
                raise
            second = "".join(args[1:2])
            noun = self.aliases.get(second, second)
            offers = [f"'{name} {args[0]}'" for name in ([noun] if noun in nouns else nouns)]
            raise click.UsageError(
                f"{error.message} Did you mean {' or '.join(offers)}?", ctx
            ) from error


def _show_version(context: click.Context, _option: click.Parameter, wanted: bool) -> None:  # noqa: FBT001 - as click calls it
    if wanted and not context.resilient_parsing:
        from pinecone_control.cli.commands.about import show_version

        show_version()
        context.exit()


@click.group(
    cls=_Nouns,
    context_settings=_SETTINGS,
    epilog="""\b
Examples:
  $ pinecone-control restore-jobs list --status Failed
  $ pinecone-control backups create movies --wait
  $ pinecone-control emulator --seed demo

\b
Aliases: index, backup, job, collection, whoami; ls, get, show, rm, new.
The API key is read from PINECONE_API_KEY, a file (--api-key-file) or a profile (--profile).
Exit codes: 0 success, 1 the service refused the request or could not be reached, 2 wrong usage,
3 a wait reached its timeout, 4 the operation failed, 130 interrupted.
""",
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_version,
    help="Show the versions, like the command `version`.",
)
def root() -> None:
    """Back up, restore and watch Pinecone indexes."""


def run(arguments: Sequence[str]) -> int:
    """Run a command line, write any error to stderr, and return the exit code."""
    if not _has_stdout():
        tell("cannot write the output: standard output is closed")
        return REFUSED
    _make_printable()
    try:
        code = _run(list(arguments))
        sys.stdout.flush()
    except BrokenPipeError:
        _redirect_to_null(sys.stdout)
        code = PIPE_CLOSED
    except OSError as error:
        if error.errno not in _UNWRITABLE:
            raise
        _redirect_to_null(sys.stdout)
        tell(f"cannot write the output: {error.strerror}")
        code = REFUSED
    try:
        sys.stderr.flush()
    except OSError:
        _redirect_to_null(sys.stderr)
    return code


def _run(arguments: list[str]) -> int:
    if COMPLETION_VARIABLE in os.environ:
        return shell_complete(
            root, {}, PROGRAM, COMPLETION_VARIABLE, os.environ[COMPLETION_VARIABLE]
        )
    debug = "--debug" in arguments
    try:
        with root.make_context(PROGRAM, list(arguments), obj=arguments) as context:
            root.invoke(context)
    except Exit as end:
        return end.exit_code
    except (click.ClickException, click.Abort, KeyboardInterrupt, PineconeError) as error:
        _tell(error, debug=debug)
        return exit_code(error)
    except Exception as error:
        if isinstance(error, OSError) and error.errno in _UNWRITABLE:
            raise
        return _report_bug(error, debug=debug)
    return DONE


def _tell(error: BaseException, *, debug: bool) -> None:
    match error:
        case NoArgsIsHelpError():
            say(error.format_message())
        case click.ClickException():
            tell(error.format_message(), _help_hint(error))
        case PineconeError():
            tell_error(error, debug=debug)
        case _:
            say("interrupted")


def _help_hint(error: click.ClickException) -> str:
    context = getattr(error, "ctx", None)
    return f"See: {PROGRAM if context is None else context.command_path} --help"


def _report_bug(error: Exception, *, debug: bool) -> int:
    if debug:
        traceback.print_exception(error)
    tell(
        f"unexpected error: {type(error).__name__}: {error}",
        "This is a bug. Please report it with the output of the same command with --debug.",
    )
    return REFUSED


def _has_stdout() -> bool:
    """Return whether stdout is open; replace a closed stdin or stderr by the null device."""
    # A stream that was closed before Python started is None.
    if getattr(sys, "stdin", None) is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: PTH123, SIM115 - open to the end
    if getattr(sys, "stderr", None) is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - the same
    return getattr(sys, "stdout", None) is not None


def _redirect_to_null(stream: TextIO) -> None:
    # Python flushes the streams again when it exits, which must not raise another error.
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _make_printable() -> None:
    """Escape characters that the output's encoding lacks, so that no name raises an error."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
