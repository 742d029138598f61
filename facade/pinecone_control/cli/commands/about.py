"""`version`, `completion`, `profiles`, `status` and `help`: about this program and its settings."""

import os
import platform
import time
from pathlib import Path
from typing import Final

import click
from click.exceptions import Exit
from click.shell_completion import get_completion_class

from pinecone_control import __version__
from pinecone_control._core.settings import DEFAULT_HOST
from pinecone_control.cli.client import ClientOptions, profiles_file, read_profiles
from pinecone_control.cli.commands import Verbs
from pinecone_control.cli.errors import COMPLETION_VARIABLE, PROGRAM, REFUSED, tell_error
from pinecone_control.cli.options import with_client
from pinecone_control.cli.output.terminal import say, write
from pinecone_control.errors import PineconeError

_SHELLS: Final = ("bash", "zsh", "fish")


@click.command(epilog="\b\nExample:\n  $ pinecone-control version")
def version() -> None:
    """Show the versions of this program, the API and Python."""
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
@click.pass_context
def completion(context: click.Context, shell: str | None) -> None:
    """Write a completion script for a shell, by default for the one in $SHELL."""
    shell = shell or Path(os.environ.get("SHELL", "")).name
    kind = get_completion_class(shell)
    if shell not in _SHELLS or kind is None:
        raise click.UsageError(f"name one of these shells: {', '.join(_SHELLS)}")
    root = context.find_root().command
    write(kind(root, {}, PROGRAM, COMPLETION_VARIABLE).source())


@click.group(cls=Verbs)
def profiles() -> None:
    """List profiles, which are named pairs of key and host."""


@profiles.command("list", epilog="\b\nExample:\n  $ pinecone-control profiles list")
def list_profiles() -> None:
    """List the profiles and where each gets its key from; keys are not shown."""
    found = read_profiles()
    for profile in found:
        key = profile.api_key_file or ("in this file" if profile.api_key else "none")
        write(f"{profile.name}  key: {key}  host: {profile.host or DEFAULT_HOST}")
    say(f"{len(found)} profiles in {profiles_file()}")


@click.command(
    epilog="""\b
Examples:
  $ pinecone-control status
  $ pinecone-control whoami --profile staging
"""
)
@with_client
def status(client: ClientOptions) -> None:
    """Show the host, where the key comes from, and whether the service answers."""
    key = client.api_key()
    profile = client.chosen_profile()
    write(f"host     {client.resolved_host() or DEFAULT_HOST}")
    write(f"key      from {key.source}")
    write(f"profile  {profile.name if profile else 'none'}")
    began = time.monotonic()
    try:
        with client.connect() as pc:
            count = len(pc.list_indexes().data)
    except PineconeError as error:
        write("answers  no")
        tell_error(error)
        raise Exit(REFUSED) from error
    took = time.monotonic() - began
    write(f"answers  yes, in {took:.2f} s: {count} {'index' if count == 1 else 'indexes'}")


@click.command(
    epilog="""\b
Examples:
  $ pinecone-control help
  $ pinecone-control help backups prune
"""
)
@click.argument("words", metavar="[COMMAND]...", nargs=-1)
@click.pass_context
def help_(context: click.Context, words: tuple[str, ...]) -> None:
    """Show the help of a command, like its --help."""
    inner = context.find_root()
    for word in words:
        if not isinstance(inner.command, click.Group):
            raise click.UsageError(f"{inner.command_path} has no commands")
        _, command, _ = inner.command.resolve_command(inner, [word])
        if command is not None:
            inner = click.Context(command, info_name=command.name, parent=inner)
    write(inner.get_help())
