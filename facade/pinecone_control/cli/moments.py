"""Moments and durations as people write them, and as they read them."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from dateutil import parser

from pinecone_control.errors import PineconeValueError

_UNITS: Final = {
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
_DURATION: Final = re.compile(r"(\d+(?:\.\d+)?)\s*([smhdw])", re.IGNORECASE)
_TIME_OF_DAY: Final = re.compile(r"\d{1,2}(:\d{2}){1,2}|\d{1,2}(:\d{2})?\s*[ap]m", re.IGNORECASE)
_STEPS: Final = (
    (timedelta(minutes=1), timedelta(seconds=1), "s"),
    (timedelta(hours=1), timedelta(minutes=1), "min"),
    (timedelta(days=2), timedelta(hours=1), "h"),
    (timedelta(days=60), timedelta(days=1), "d"),
    (timedelta(days=730), timedelta(days=30), "months"),
)


def duration(text: str) -> timedelta:
    """Read a duration such as `30d`, `12h`, `90m`, `45s`, `2w`.

    Raises:
        PineconeValueError: it is none.
    """
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        raise PineconeValueError(
            f"{text!r} is no duration: a number with s, m, h, d or w, such as 30d or 12h"
        )
    try:
        return float(match[1]) * _UNITS[match[2].lower()]
    except OverflowError as error:
        raise PineconeValueError(f"{text!r} is too long a duration") from error


def moment(text: str, *, now: datetime, end_of_day: bool = False) -> datetime:
    """Read a moment: a date, a date with a time, `today`, `yesterday`, or a duration ago (`7d`).

    Args:
        text: what was written. A month comes before a day where only numbers are given in neither
            order of ISO 8601 (`10/11/2025` is October 11: dateutil's rule). Without a UTC offset
            it is local time; without a year it is the last such date.
        now: the present, aware, in local time.
        end_of_day: a date without a time stands for its last moment instead of its first.

    Raises:
        PineconeValueError: it is none of these, or it lacks the day or the month.
    """
    text = text.strip()
    if _DURATION.fullmatch(text):
        try:
            return now - duration(text)
        except OverflowError as error:
            raise PineconeValueError(f"{text!r} ago is before the first year there is") from error
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    days_ago = {"today": 0, "yesterday": 1}.get(text.lower())
    if days_ago is not None:
        day = midnight - timedelta(days=days_ago)
        return day + timedelta(days=1, microseconds=-1) if end_of_day else day
    rest = midnight.replace(tzinfo=None)
    if end_of_day:
        rest += timedelta(days=1, microseconds=-1)
    if _TIME_OF_DAY.fullmatch(text):
        return _parsed(text, rest.replace(second=0, microsecond=0)).astimezone()
    return _dated(text, rest, now)


def ago(then: datetime, now: datetime) -> str:
    """Return how long ago `then` was, for a reader: `3 h ago`."""
    distance = abs(now - then)
    for limit, unit, name in _STEPS:
        if distance < limit:
            words = f"{distance // unit} {name}"
            break
    else:
        words = f"{distance.days // 365} years"
    return f"{words} ago" if then <= now else f"in {words}"


def when(value: object) -> datetime | None:
    """Read a timestamp of the service; None where it is absent or unreadable."""
    if not isinstance(value, str):
        return None
    try:
        read = datetime.fromisoformat(value)
    except ValueError:
        try:
            read = parser.isoparse(value)
        except (ValueError, OverflowError):
            return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def _dated(text: str, rest: datetime, now: datetime) -> datetime:
    """Read a text that names a day; what it leaves out shows in two readings that differ."""
    first = _parsed(text, rest.replace(month=1, day=1))
    second = _parsed(text, rest.replace(year=rest.year - 1, month=2, day=2))
    if (first.month, first.day) != (second.month, second.day):
        raise PineconeValueError(f"{text!r} leaves the date open: give year, month and day")
    year_given = first.year == second.year
    read = first.astimezone() if first.tzinfo is None else first
    if not year_given and read.date() > now.date():
        return second.astimezone() if second.tzinfo is None else second
    return read


def _parsed(text: str, default: datetime) -> datetime:
    try:
        return parser.parse(text, default=default)
    except (ValueError, OverflowError) as error:
        raise PineconeValueError(
            f"{text!r} is no date: try 2025-05-15, '15 May 2025 14:00', yesterday, or 7d for "
            "seven days ago"
        ) from error
