"""Check the numbers, flags and functions that callers pass in; each error says what is allowed."""

import math
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, TypeVar

from pinecone_control.clock import LONGEST_SECONDS
from pinecone_control.errors import PineconeValueError

if TYPE_CHECKING:
    from typing_extensions import TypeIs

T = TypeVar("T")


def received(value: object) -> str:
    """Return how a message shows a wrong value: a number as it is, of anything else only the type.

    A text may be the API key, passed as the wrong argument.
    """
    return f"{value!r:.100}" if isinstance(value, int | float | None) else type(value).__name__


def whole_number(name: str, value: object, *, least: int = 1, most: int | None = None) -> int:
    """Return a whole number within bounds.

    Raises:
        PineconeValueError: naming the argument, the value and what is allowed.
    """
    if not is_whole(value) or value < least or (most is not None and value > most):
        allowed = f"of at least {least}" if most is None else f"from {least} to {most:,}"
        raise PineconeValueError(f"{name} must be a whole number {allowed}, got {received(value)}")
    return value


def is_whole(value: object) -> "TypeIs[int]":
    """Return whether a value is a whole number; True and False are not."""
    return isinstance(value, int) and not isinstance(value, bool)


def seconds(name: str, value: object, *, or_infinite: bool = False) -> float:
    """Return a number of seconds for which a wait is possible.

    Raises:
        PineconeValueError: naming the argument, the value and what is allowed.
    """
    return above_zero(name, value, what="a number of seconds", or_infinite=or_infinite)


def above_zero(
    name: str, value: object, *, what: str = "a number", or_infinite: bool = False
) -> float:
    """Return a number above 0 that is not larger than the longest possible wait in seconds.

    Raises:
        PineconeValueError: naming the argument, the value and what is allowed.
    """
    if (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and (0 < value <= LONGEST_SECONDS or (or_infinite and value == math.inf))
    ):
        return float(value)
    infinite = " or infinite" if or_infinite else ""
    raise PineconeValueError(
        f"{name} must be {what} above 0 and at most {LONGEST_SECONDS:,.0f}{infinite}, got "
        f"{received(value)}"
    )


def switch(name: str, value: object) -> bool:
    """Return True or False; refuse anything else, because a text such as "no" would count as True.

    Raises:
        PineconeValueError: naming the argument and the value.
    """
    if not isinstance(value, bool):
        raise PineconeValueError(f"{name} must be True or False, got {received(value)}")
    return value


def instance(name: str, value: object, kind: type[T]) -> T:
    """Return an object, if it is an instance of a class.

    Raises:
        PineconeValueError: naming the argument, the value and what is allowed.
    """
    if not isinstance(value, kind):
        package = kind.__module__.partition(".")[0]
        wanted = kind.__name__ if package == "builtins" else f"{package}.{kind.__name__}"
        raise PineconeValueError(f"{name} must be of type {wanted}, got {type(value).__name__}")
    return value


def function_or_none(name: str, value: object) -> None:
    """Return a function or None; refuse anything else, and coroutine functions.

    Raises:
        PineconeValueError: naming the argument and the value.
    """
    if value is not None and (not callable(value) or iscoroutinefunction(value)):
        raise PineconeValueError(f"{name} must be a plain function or None, got {received(value)}")
