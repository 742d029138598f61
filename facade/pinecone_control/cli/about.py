"""`pinecone-control version` and `completion`."""

import os
import platform
from typing import Final

import click
from click.shell_completion import get_completion_class

from pinecone_control import __version__
from pinecone_control.cli.commands import PROGRAM, root
from pinecone_control.cli.screen import write

_VARIABLE: Final = "_PINECONE_CONTROL_COMPLETE"
_SHELLS: Final = ("bash", "zsh", "fish")


@click.command(epilog="\b\nExample:\n  $ pinecone-control version")
def version() -> None:
    """Show the versions of this program, of its contract and of Python."""
    show_version()


def show_version() -> None:
    """Write the versions in one line."""
    from pinecone_control_api import API_VERSION

    write(f"{PROGRAM} {__version__}, API {API_VERSION}, Python {platform.python_version()}")


@click.command(
    epilog="""\b
Examples:
  $ pinecone-control completion bash >> ~/.bash_completion
  $ pinecone-control completion zsh > ~/.zfunc/_pinecone-control
  $ pinecone-control completion fish > ~/.config/fish/completions/pinecone-control.fish
"""
)
@click.argument("shell", type=click.Choice(_SHELLS), required=False)
def completion(shell: str | None) -> None:
    """Write what makes a shell complete this command; SHELL is yours by default."""
    shell = shell or os.path.basename(os.environ.get("SHELL", ""))  # noqa: PTH119 - no file is meant
    kind = get_completion_class(shell)
    if shell not in _SHELLS or kind is None:
        raise click.UsageError(f"name a shell: {', '.join(_SHELLS)}")
    write(kind(root, {}, PROGRAM, _VARIABLE).source())
