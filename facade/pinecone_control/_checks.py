"""Checks of the numbers, switches and functions that callers pass in: each says what is allowed."""

import math
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, TypeVar

from pinecone_control.clock import LONGEST_SECONDS
from pinecone_control.errors import PineconeValueError

if TYPE_CHECKING:
    from typing_extensions import TypeIs

T = TypeVar("T")


def received(value: object) -> str:
    """Return how a message shows a wrong value: a number as it is, of all else the type alone.

    A text may be the API key, given as the wrong argument.
    """
    return f"{value!r:.100}" if isinstance(value, int | float | None) else type(value).__name__


def whole_number(name: str, value: object, *, least: int = 1, most: int | None = None) -> int:
    """Return a whole number within bounds.

    Raises:
        PineconeValueError: naming what it is of, what was given and what is allowed.
    """
    if not is_whole(value) or value < least or (most is not None and value > most):
        allowed = f"of at least {least}" if most is None else f"from {least} to {most:,}"
        raise PineconeValueError(f"{name} must be a whole number {allowed}, got {received(value)}")
    return value


def is_whole(value: object) -> "TypeIs[int]":
    """Return whether a value is a whole number; True and False are none."""
    return isinstance(value, int) and not isinstance(value, bool)


def seconds(name: str, value: object, *, or_infinite: bool = False) -> float:
    """Return a number of seconds that can be waited for.

    Raises:
        PineconeValueError: naming what it is of, what was given and what is allowed.
    """
    return above_zero(name, value, what="a number of seconds", or_infinite=or_infinite)


def above_zero(
    name: str, value: object, *, what: str = "a number", or_infinite: bool = False
) -> float:
    """Return a number above 0, and no larger than what can be waited for in seconds.

    Raises:
        PineconeValueError: naming what it is of, what was given and what is allowed.
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
    """Return True or False, if it is one of them: a text such as "no" would count as True.

    Raises:
        PineconeValueError: naming what it is of and what was given.
    """
    if not isinstance(value, bool):
        raise PineconeValueError(f"{name} must be True or False, got {received(value)}")
    return value


def instance(name: str, value: object, kind: type[T]) -> T:
    """Return an object of a class.

    Raises:
        PineconeValueError: naming what it is of, what was given and what is allowed.
    """
    if not isinstance(value, kind):
        package = kind.__module__.partition(".")[0]
        wanted = kind.__name__ if package == "builtins" else f"{package}.{kind.__name__}"
        raise PineconeValueError(f"{name} must be of type {wanted}, got {type(value).__name__}")
    return value


def function_or_none(name: str, value: object) -> None:
    """Refuse what cannot be called, but for None; and what nobody would await.

    Raises:
        PineconeValueError: naming what it is of and what was given.
    """
    if value is not None and (not callable(value) or iscoroutinefunction(value)):
        raise PineconeValueError(f"{name} must be a plain function or None, got {received(value)}")
