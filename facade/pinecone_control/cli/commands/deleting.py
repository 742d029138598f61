"""Ask for confirmation before a deletion, and do a step for many names despite errors."""

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import click
from click.exceptions import Exit

from pinecone_control.cli.errors import REFUSED, exit_code, tell, tell_error
from pinecone_control.cli.name_resolution import explain_absence
from pinecone_control.cli.output.terminal import say, write
from pinecone_control.errors import NotFoundError, PineconeError, PineconeValueError

if TYPE_CHECKING:
    from pinecone_control import Pinecone


def can_ask() -> bool:
    """Return whether a terminal is there to ask for confirmation on."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def confirm(question: str, *, yes: bool) -> None:
    """Return if `--yes` was given or the user says yes.

    Raises:
        Exit: the user says no.
        PineconeValueError: there is no terminal to ask on.
    """
    if yes:
        return
    if not can_ask():
        raise PineconeValueError(
            "nothing was deleted, because there is no terminal to ask for confirmation on",
            hint="Add --yes to delete without being asked.",
        )
    if not click.confirm(question, err=True):
        say("nothing was deleted")
        raise Exit(REFUSED)


def for_each(
    pc: "Pinecone",
    done: str,
    names: Sequence[str],
    step: Callable[[str], object],
    *,
    report: Callable[[str], None] = write,
) -> None:
    """Do a step for each name; an error of one name does not stop the others.

    On ctrl-C, a line says for which name the step was interrupted.

    Args:
        pc: the client, used to suggest similar names.
        done: the word that reports success, such as `deleted`.
        names: the names; repeated ones count once.
        step: the step, called with a name.
        report: writes a line about each success; to stdout by default.

    Raises:
        PineconeError: there is only one name, and its step failed.
        Exit: the steps of several names were tried, and at least one failed.
    """
    names = list(dict.fromkeys(names))
    codes: list[int] = []
    for name in names:
        try:
            step(name)
            report(f"{name}: {done}")
        except KeyboardInterrupt:
            say(f"{name}: interrupted; the server may have received the request")
            raise
        except PineconeError as error:
            if len(names) == 1:
                raise
            codes.append(exit_code(error))
            if isinstance(error, NotFoundError):
                explain_absence(pc, error)
            is_named = repr(name) in error.what
            tell_error(error, about="" if is_named else name)
    if codes:
        tell(f"{len(codes)} of {len(names)} failed")
        raise Exit(codes[0] if len(set(codes)) == 1 else REFUSED)
