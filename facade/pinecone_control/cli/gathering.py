"""Options whose values a command is given together, as one object of a class of attrs."""

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
    """Add options whose values are handed over together, as one object of a class of attrs."""

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
    """Return an object of a class of attrs, with those parameters that are fields of it."""
    fields = fields_dict(kind)
    values = {name: params[name] for name in fields if name in params}
    if "given" in fields:
        values["given"] = frozenset(filter(was_given, values))
    return kind(**values)


def was_given(name: str) -> bool:
    """Whether an option of the running command stood on its command line."""
    context = click.get_current_context(silent=True)  # there is none while a shell completes
    source = None if context is None else context.get_parameter_source(name)
    return source == ParameterSource.COMMANDLINE
