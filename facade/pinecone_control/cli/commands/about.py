"""`version`, `completion`, `profiles`, `status` and `help`: about this program and its settings."""

import json
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
from pinecone_control.cli.client import ClientOptions
from pinecone_control.cli.commands import Verbs
from pinecone_control.cli.errors import COMPLETION_VARIABLE, PROGRAM, REFUSED, fact_of, tell_error
from pinecone_control.cli.option_groups import with_client
from pinecone_control.cli.output.columns import plain
from pinecone_control.cli.output.terminal import counted, say, write
from pinecone_control.cli.profiles import profiles_file, read_profiles
from pinecone_control.errors import ApiError, PineconeError

_SHELLS: Final = ("bash", "zsh", "fish")
_form_option = click.option(
    "-o",
    "--output",
    "--format",
    "form",
    type=click.Choice(["table", "json"]),
    default="table",
    help="Output format; table by default.",
)


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
    """Write a completion script for a shell.

    By default, the script is for the shell that $SHELL names.
    """
    shell = shell or Path(os.environ.get("SHELL", "")).name
    kind = get_completion_class(shell)
    if shell not in _SHELLS or kind is None:
        raise click.UsageError(f"name one of these shells: {', '.join(_SHELLS)}")
    root = context.find_root().command
    write(kind(root, {}, PROGRAM, COMPLETION_VARIABLE).source())


@click.group(cls=Verbs, epilog="\b\nExample:\n  $ pinecone-control profiles list")
def profiles() -> None:
    """List profiles, which are named sets of a key and a host."""


@profiles.command("list", epilog="\b\nExample:\n  $ pinecone-control profiles list")
@_form_option
def list_profiles(form: str) -> None:
    """List the profiles and where their keys come from, without the keys."""
    found = read_profiles()
    facts = [
        {
            "name": profile.name,
            "key": profile.api_key_file or (profile.api_key and "in this file"),
            "host": profile.host or DEFAULT_HOST,
        }
        for profile in found
    ]
    if form == "json":
        write(json.dumps(facts, indent=2))
        return
    for each in facts:
        write(plain(f"{each['name']}  key: {each['key'] or 'none'}  host: {each['host']}"))
    say(f"{counted(len(found), 'profile')} in {profiles_file()}")


@click.command(
    epilog="""\b
Examples:
  $ pinecone-control status
  $ pinecone-control whoami --profile staging
"""
)
@_form_option
@with_client
def status(client: ClientOptions, form: str) -> None:
    """Show the host and the source of the key, and test both."""
    profile = client.chosen_profile()
    facts: dict[str, object] = {
        "host": client.resolved_host() or DEFAULT_HOST,
        "key": client.api_key().source,
        "profile": profile and profile.name,
    }
    trouble: PineconeError | None = None
    began = time.monotonic()
    try:
        with client.connect() as pc:
            count = len(pc.list_indexes().data)
        facts |= {"answers": True, "seconds": round(time.monotonic() - began, 3), "indexes": count}
    except PineconeError as error:
        facts |= {"answers": isinstance(error, ApiError), "error": fact_of(error)}
        trouble = error
    if form == "json":
        write(json.dumps(facts, indent=2))
    else:
        told = {name: value for name, value in facts.items() if name != "error"}
        for name, value in told.items():
            write(f"{name.ljust(7)}  {'none' if value is None else plain(value)}")
    if trouble is not None:
        tell_error(trouble)
        raise Exit(REFUSED) from trouble


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
