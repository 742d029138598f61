"""`--help` teaches, for every command; a shell completes them."""

from collections.abc import Iterator

import click
import pytest

from pinecone_control.cli.app import root
from tests.cli.shell import Shell


def commands(group: click.Group, *words: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield (*words, name), command
        if isinstance(command, click.Group):
            yield from commands(command, *words, name)


EVERY = dict(commands(root))


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_every_command_has_an_example_of_itself(words: tuple[str, ...]) -> None:
    assert f"$ pinecone-control {' '.join(words)}" in (EVERY[words].epilog or "")


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_every_command_says_what_it_does_and_what_its_options_do(words: tuple[str, ...]) -> None:
    command = EVERY[words]
    assert command.help
    options = [each for each in command.params if isinstance(each, click.Option)]
    assert all(option.help for option in options)


@pytest.mark.parametrize("words", [(), *EVERY], ids=" ".join)
def test_lists_of_commands_show_whole_sentences(outside: Shell, words: tuple[str, ...]) -> None:
    assert "..." not in outside.run(*words, "--help").out.partition("Commands:")[2]


def test_help_is_shown_and_is_code_0(outside: Shell) -> None:
    ended = outside.run("backups", "create", "--help")
    assert ended.code == 0
    assert "Examples:" in ended.out


def test_help_through_a_closed_pipe_ends_quietly(outside: Shell) -> None:
    assert outside.script("pinecone-control backups create --help | head -1").err == ""


@pytest.mark.parametrize("shell_name", ["bash", "zsh", "fish"])
def test_completion_is_written_for_each_shell(outside: Shell, shell_name: str) -> None:
    ended = outside.run("completion", shell_name)
    assert "_PINECONE_CONTROL_COMPLETE" in ended.out
    assert ended.code == 0


def test_completion_knows_the_commands(outside: Shell) -> None:
    ended = outside.run(
        _PINECONE_CONTROL_COMPLETE="bash_complete",
        COMP_WORDS="pinecone-control restore-jobs w",
        COMP_CWORD="2",
    )
    assert ended.lines == ["plain,wait", "plain,watch"]
