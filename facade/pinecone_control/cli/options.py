"""Types of options, and single options that several commands share."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from pinecone_control.cli.completion import INDEX_NAMES
from pinecone_control.cli.option_objects import Command
from pinecone_control.cli.times import Duration, duration, moment
from pinecone_control.clock import LONGEST_SECONDS
from pinecone_control.errors import PineconeValueError

C = TypeVar("C", bound=Callable[..., object])
V = TypeVar("V")


class Parsed(click.ParamType[V]):
    """An option type that parses its text with a function.

    Args:
        read: parses the text; a `PineconeError` that it raises ends the command.
    """

    name = "time"

    def __init__(self, read: Callable[[str], V]) -> None:
        self._read = read

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> V:
        return self._read(value) if isinstance(value, str) else value


def _moment(text: str, **how: bool) -> datetime:
    return moment(text, now=datetime.now().astimezone(), **how)


def _cut_off(text: str) -> Callable[[datetime], datetime]:
    """Return a function from the current time to the cut-off that the text stands for.

    Raises:
        PineconeValueError: the text is not a valid cut-off at the time of this machine.
    """
    _moment(text, deletes=True)
    return lambda now: moment(text, now=now, deletes=True)


def _duration(text: str, *, deletes: bool = False) -> Duration:
    read = duration(text, deletes=deletes)
    if read.seconds <= 0:
        raise click.BadParameter(f"{text!r} must be longer than 0 seconds")
    return read


def _seconds(text: str) -> float:
    """Return the seconds of a duration such as `90s`, or of a plain number of seconds."""
    is_number = text.replace(".", "", 1).isdigit()
    length = _duration(f"{text}s" if is_number else text).seconds
    if length > LONGEST_SECONDS:
        raise click.BadParameter(f"{text!r} is longer than {LONGEST_SECONDS:,.0f} seconds")
    return length


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals:
        raise click.BadParameter(f"{text!r} is not of the form KEY=VALUE")
    return key, value


def _filled(text: str) -> str:
    if not text:
        raise click.BadParameter("the text is empty")
    return text


FILLED: Final = Parsed(_filled)
_PAIR: Final = Parsed(_pair)
MOMENT: Final = Parsed(_moment)
END_OF_PERIOD: Final = Parsed(partial(_moment, end_of_day=True))
SECONDS: Final = Parsed(_seconds)
DURATION: Final = Parsed(_duration)
KEPT_DURATION: Final = Parsed(partial(_duration, deletes=True))
CUT_OFF: Final = Parsed(_cut_off)


def whole_number(least: int, most: int | None = None) -> click.IntRange:
    """Return the option type of a whole number; click's errors call it by its name."""
    kind = click.IntRange(least, most)
    kind.name = "whole number"
    return kind


def number() -> click.FloatRange:
    """Return the option type of a number above 0; click's errors call it by its name."""
    kind = click.FloatRange(min=0, min_open=True)
    kind.name = "number"
    return kind


interval_option = click.option(
    "--interval",
    type=SECONDS,
    default="2s",
    metavar="TIME",
    help="Time between two updates of --watch; 2s by default.",
)


def index_option(text: str, *, name: str = "index", multiple: bool = False) -> Callable[[C], C]:
    """Add `--index`."""
    return click.option(
        "--index", name, metavar="NAME", multiple=multiple, shell_complete=INDEX_NAMES, help=text
    )


def pairs_option(name: str, text: str) -> Callable[[C], C]:
    """Add a repeatable KEY=VALUE option; the command receives a dict, or None without any."""
    return click.option(
        name, type=_PAIR, multiple=True, metavar="KEY=VALUE", callback=_as_dict, help=text
    )


def tag_filter_option(name: str, text: str) -> Callable[[C], C]:
    """Add a repeatable KEY=VALUE option; the command receives a tuple of pairs."""
    return click.option(name, type=_PAIR, multiple=True, metavar="KEY=VALUE", help=text)


def wait_options(what: str, *, default: float) -> Callable[[Command], Command]:
    """Add `--wait` and `--timeout`; the command receives `wait`, and `timeout` in seconds."""

    def decorate(command: Command) -> Command:
        waits = click.option("--wait", is_flag=True, help=f"Wait until {what}.")
        return waits(timeout_option(default)(command))

    return decorate


def timeout_option(default: float) -> Callable[[C], C]:
    """Add `--timeout`; the command receives seconds."""
    return click.option(
        "--timeout",
        type=SECONDS,
        default=f"{default:g}s",
        metavar="TIME",
        help=f"Time limit for the wait, such as 90s, 30m or 2h; {default / 60:g}m by default.",
    )


def protection_option(command: Command) -> Command:
    """Add `--protect` and `--unprotect`; the command receives the API's value, or None."""
    for name, value, what in (("--unprotect", "disabled", "off"), ("--protect", "enabled", "on")):
        option = click.option(
            name, "protection", flag_value=value, type=str, help=f"Turn deletion protection {what}."
        )
        command = option(command)
    return command


def concurrency_option(default: int, what: str = "Concurrent requests") -> Callable[[C], C]:
    """Add `--concurrency`."""
    return click.option(
        "--concurrency",
        type=whole_number(1, 64),
        default=default,
        metavar="N",
        help=f"{what}; {default} by default.",
    )


def report_options(usual: str) -> Callable[[C], C]:
    """Add `--output` and `--junit`; the command receives them as `form` and `junit`.

    Args:
        usual: the default format, for the help text.
    """
    form = click.option(
        "-o",
        "--output",
        "form",
        type=click.Choice(["table", "json", "junit"]),
        default="table",
        help=f"Report format; {usual} by default.",
    )
    junit = click.option(
        "--junit",
        type=click.Path(path_type=Path),
        callback=_writable,
        metavar="FILE",
        help="Also write a JUnit report to this file.",
    )
    return lambda command: form(junit(command))


def _writable(_: click.Context, __: click.Parameter, file: Path | None) -> Path | None:
    """Refuse a directory, or a file in a missing one, before the work begins."""
    if file is not None and file.is_dir():
        raise PineconeValueError(f"cannot write {file}: it is a folder")
    if file is not None and not file.parent.is_dir():
        raise PineconeValueError(f"cannot write {file}: there is no folder {file.parent}")
    return file


yes_option = click.option("-y", "--yes", is_flag=True, help="Do not ask for confirmation.")
dry_run_option = click.option(
    "--dry-run", is_flag=True, help="Show what would be done; change nothing."
)


def _as_dict(
    _context: click.Context, _option: click.Parameter, pairs: tuple[tuple[str, str], ...]
) -> dict[str, str] | None:
    if len(dict(pairs)) < len(set(pairs)):
        raise click.BadParameter("a key has two different values")
    return dict(pairs) or None
