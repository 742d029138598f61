"""The same step for several things: each told as it is done, the failures at the end."""

from collections.abc import Callable, Sequence

from click.exceptions import Exit

from pinecone_control.cli.exits import REFUSED
from pinecone_control.cli.hints import hint_of, tell
from pinecone_control.cli.screen import write
from pinecone_control.errors import CallError


def for_each(done: str, names: Sequence[str], step: Callable[[str], object]) -> None:
    """Do a step for each name, going on after a refusal.

    Args:
        done: what to say of a name when its step is done, such as `deleted`.
        names: of the things.
        step: does it for one.

    Raises:
        CallError: of the only one.
        Exit: with code 1, after all, when one of several was refused.
    """
    names = list(dict.fromkeys(names))
    refused = 0
    for name in names:
        try:
            step(name)
        except CallError as error:
            if len(names) == 1:
                raise
            refused += 1
            tell(error.what, hint_of(error))
        else:
            write(f"{name}: {done}")
    if refused:
        tell(f"{refused} of {len(names)} not {done}")
        raise Exit(REFUSED)
