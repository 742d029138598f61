"""Options whose values a command receives as one attrs object."""

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any, TypeVar

import click
from attrs import AttrsInstance, fields_dict
from click.core import ParameterSource

T = TypeVar("T", bound=AttrsInstance)
Command = Callable[..., None]


def gathered(
    command: Command,
    options: Sequence[Callable[[Command], Command]],
    name: str,
    kind: type[AttrsInstance],
) -> Command:
    """Add options to a command, which receives their values as one attrs object.

    Args:
        command: the command.
        options: decorators that add one option each.
        name: the command's argument that receives the object.
        kind: the attrs class; its fields have the names of the options.
    """

    @wraps(command)
    def gathering(**given: Any) -> None:
        gathered = values_of(kind, given)
        rest = {option: value for option, value in given.items() if option not in fields_dict(kind)}
        command(**rest, **{name: gathered})

    decorated: Command = gathering
    for option in reversed(options):
        decorated = option(decorated)
    return decorated


def values_of(kind: type[T], params: Mapping[str, Any]) -> T:
    """Return an object of an attrs class, made from the parameters that are fields of the class."""
    fields = fields_dict(kind)
    values = {name: params[name] for name in fields if name in params}
    if "given" in fields:
        values["given"] = frozenset(filter(was_given, values))
    return kind(**values)


def was_given(name: str) -> bool:
    """Return whether an option of the running command was given on the command line."""
    context = click.get_current_context(silent=True)  # None during shell completion
    source = None if context is None else context.get_parameter_source(name)
    return source == ParameterSource.COMMANDLINE
