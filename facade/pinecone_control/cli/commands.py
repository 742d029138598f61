"""The command itself: which nouns there are. Each is loaded when it is used."""

from importlib import import_module
from typing import Final

import click

PROGRAM: Final = "pinecone-control"
SETTINGS: Final = {"help_option_names": ["-h", "--help"], "max_content_width": 100}

_HOMES: Final = {
    "indexes": "indexes:indexes",
    "collections": "collections:collections",
    "backups": "backups:backups",
    "restore-jobs": "restore_jobs:restore_jobs",
    "emulator": "emulator:emulator",
    "contract": "contract:contract",
    "completion": "about:completion",
    "version": "about:version",
}


class _Nouns(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - as click calls it
        return list(_HOMES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _HOMES:
            return None
        module, name = _HOMES[cmd_name].split(":")
        command: click.Command = getattr(import_module(f"pinecone_control.cli.{module}"), name)
        return command


def _show_version(context: click.Context, _option: click.Parameter, wanted: bool) -> None:  # noqa: FBT001 - as click calls it
    if wanted and not context.resilient_parsing:
        from pinecone_control.cli.about import show_version

        show_version()
        context.exit()


@click.group(
    cls=_Nouns,
    context_settings=SETTINGS,
    epilog="""\b
Examples:
  $ pinecone-control restore-jobs list --status Failed
  $ pinecone-control backups create movies --wait
  $ pinecone-control emulator --seed demo

\b
The API key is read from PINECONE_API_KEY, a file (--api-key-file) or a profile (--profile).
Exit codes: 0 done, 1 the service said no, 2 usage, 3 time-out of a wait, 4 the operation
failed, 130 interrupted.
""",
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_version,
    help="Show the versions, as the command `version` does.",
)
def root() -> None:
    """Back up, restore and watch Pinecone indexes."""
