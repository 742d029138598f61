"""The commands. Each subcommand of the program has its module, imported when it is used."""

from collections.abc import Mapping
from typing import ClassVar

import click
from click.exceptions import NoSuchCommand, NoSuchOption


class Verbs(click.Group):
    """A group whose commands also have the names that users of other tools expect."""

    aliases: ClassVar[Mapping[str, str]] = {
        "ls": "list",
        "get": "describe",
        "show": "describe",
        "rm": "delete",
        "remove": "delete",
        "new": "create",
    }

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        known = super().get_command
        return known(ctx, cmd_name) or known(ctx, self.aliases.get(cmd_name, ""))

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the options of the group. The error for any other says where its place is."""
        try:
            return super().parse_args(ctx, args)
        except NoSuchOption as error:
            if error.possibilities:
                raise
            place = f"{ctx.command_path} COMMAND {error.option_name}"
            message = f"{error.message} Options follow the command, as in: {place}"
            raise NoSuchOption(error.option_name, message, ctx=ctx) from error

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            raise NoSuchCommand(args[0], possibilities=self.list_commands(ctx), ctx=ctx)
        return super().resolve_command(ctx, args)
