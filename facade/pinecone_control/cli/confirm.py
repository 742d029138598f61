"""Asking before something is deleted."""

import sys

import click

from pinecone_control.cli.screen import say
from pinecone_control.errors import PineconeValueError


def confirm(question: str, *, yes: bool) -> None:
    """Go on if a person says yes, or `--yes` did.

    Raises:
        PineconeValueError: nobody is there to be asked.
        click.exceptions.Exit: the person said no; code 1.
    """
    if yes:
        return
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise PineconeValueError(
            f"not done: {question}", hint="Nobody is there to be asked: add --yes if it is meant."
        )
    if not click.confirm(question, err=True):
        say("nothing was done")
        raise click.exceptions.Exit(1)
