"""Parse times and durations that people write, and format those that this command shows."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Final

from attrs import frozen

from pinecone_control.errors import PineconeValueError

_UNITS: Final = {
    "seconds": ("s", "sec", "secs", "second", "seconds"),
    "minutes": ("m", "min", "mins", "minute", "minutes"),
    "hours": ("h", "hr", "hrs", "hour", "hours"),
    "days": ("d", "day", "days"),
    "weeks": ("w", "wk", "wks", "week", "weeks"),
    "months": ("mo", "mos", "month", "months"),
    "years": ("y", "yr", "yrs", "year", "years"),
}
_UNIT_OF: Final = {word: unit for unit, words in _UNITS.items() for word in words}
_WORDS: Final = "|".join(sorted(_UNIT_OF, key=len, reverse=True))
_PART: Final = re.compile(rf"(\d+(?:\.\d+)?)\s*({_WORDS})(?![a-z])\s*,?\s*", re.IGNORECASE)
_DURATION: Final = re.compile(rf"(?:{_PART.pattern})+", re.IGNORECASE)
_AGO: Final = re.compile(r"(in\s+)?(.*?)(\s+ago)?", re.IGNORECASE | re.DOTALL)
_TIME_OF_DAY: Final = re.compile(r"\d{1,2}(:\d{2}){1,2}|\d{1,2}(:\d{2})?\s*[ap]m", re.IGNORECASE)
_ZONE_BEFORE_OFFSET: Final = re.compile(r"(?:UTC|GMT)\s*(?=[+-]\d)", re.IGNORECASE)
_YEAR_FIRST: Final = re.compile(r"\d{4}\D.*|\d{8}(\D.*)?", re.DOTALL)
_STEPS: Final = (
    (timedelta(minutes=1), timedelta(seconds=1), "s"),
    (timedelta(hours=1), timedelta(minutes=1), "min"),
    (timedelta(days=2), timedelta(hours=1), "h"),
    (timedelta(days=60), timedelta(days=1), "d"),
    (timedelta(days=730), timedelta(days=30), "months"),
)


@frozen
class Duration:
    """A length of time: a calendar part (days and longer) and a clock part (hours and shorter)."""

    text: str
    months: int
    days: int
    clock: timedelta

    def before(self, moment: datetime) -> datetime:
        """Return the time that is this much earlier; a day earlier is the same time of day."""
        from dateutil.relativedelta import relativedelta  # imported here because it takes 10 ms

        try:
            whole = relativedelta(months=self.months, days=self.days)
            wall = moment.astimezone().replace(tzinfo=None) - whole
            return _local(wall) - self.clock
        except (OverflowError, ValueError) as error:
            raise PineconeValueError(f"{self.text!r} ago is before the year 1") from error

    def after(self, moment: datetime) -> datetime:
        """Return the time that is `seconds` later."""
        try:
            return moment + timedelta(seconds=self.seconds)
        except OverflowError as error:
            raise PineconeValueError(f"in {self.text} is after the year 9999") from error

    @property
    def seconds(self) -> float:
        """The length in seconds; a month counts as 30 days, a year as 365."""
        days = 365 * (self.months // 12) + 30 * (self.months % 12) + self.days
        return days * 86_400.0 + self.clock.total_seconds()


def duration(text: str, *, deletes: bool = False) -> Duration:
    """Parse a duration: `30d`, `12h`, `90 min`, `2 weeks`, `2 weeks ago`, `6mo`, `1y`, `1d 12h`.

    Args:
        text: the text.
        deletes: whether the duration decides what is deleted; then `m` is refused, because it may
            mean minutes or months.

    Raises:
        PineconeValueError: the text is not a duration, or is ambiguous.
    """
    length = text.strip().removesuffix("ago").strip()
    if not _DURATION.fullmatch(length):
        raise PineconeValueError(
            f"{text!r} is not a duration",
            hint="Give a number and a unit (s, min, h, d, w, mo, y), such as 30d, 12h or 6mo.",
        )
    amounts = dict.fromkeys(_UNITS, 0.0)
    for number, word in _PART.findall(length):
        if deletes and word in {"m", "M"}:
            raise PineconeValueError(
                f"{text!r} is ambiguous",
                hint=f"Write {number}min for minutes, or {number}mo for months.",
            )
        amounts[_UNIT_OF[word.lower()]] += float(number)
    months = 12 * amounts.pop("years") + amounts.pop("months")
    try:
        calendar = timedelta(days=amounts.pop("days"), weeks=amounts.pop("weeks"))
        days = timedelta(calendar.days)
        read = Duration(text, int(months), days.days, timedelta(**amounts) + calendar - days)
        timedelta(seconds=read.seconds)  # fails if the months make it too long
    except OverflowError as error:
        raise PineconeValueError(f"the duration {text!r} is too long") from error
    if read.months != months:
        raise PineconeValueError(f"{text!r}: the number of months must be whole")
    return read


def moment(
    text: str, *, now: datetime, end_of_day: bool = False, deletes: bool = False
) -> datetime:
    """Parse a time: a date, a date with a time, `today`, `yesterday`, or a duration ago (`7d`).

    Args:
        text: the text; may be what a table of this command shows, such as `3 months ago`. In a
            numeric date that is not in the order of ISO 8601, the first number is the month
            (`10/11/2025` is October 11: dateutil's rule). A time without a UTC offset is local; a
            date without a year is the last such date.
        now: the current time, aware, in local time.
        end_of_day: whether a date without a time means the end of that day instead of its start.
        deletes: whether everything before the time is deleted; then an ambiguous date is refused,
            and so is a time in the future unless its year is written out.

    Raises:
        PineconeValueError: the text is not a time, or is refused.
    """
    read = _moment(text.strip(), now, end_of_day=end_of_day, deletes=deletes)
    if deletes and read > now and str(read.year) not in text:
        raise PineconeValueError(
            f"{text!r} is in the future: {stamp(read)}", hint="Give a moment that has passed."
        )
    return read


def _moment(text: str, now: datetime, *, end_of_day: bool, deletes: bool) -> datetime:
    ahead, length, _ = _AGO.fullmatch(text).groups()  # type: ignore[union-attr]  # fits all
    if _DURATION.fullmatch(length):
        distance = duration(length, deletes=deletes)
        return distance.after(now) if ahead else distance.before(now)
    if text.lower() == "now":
        return now
    rest = now.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    if end_of_day:
        rest += timedelta(days=1, microseconds=-1)
    days_ago = {"today": 0, "yesterday": 1}.get(text.lower())
    if days_ago is not None:
        return _local(rest - timedelta(days=days_ago))
    if _TIME_OF_DAY.fullmatch(text):
        return _local(_parsed(text, rest.replace(second=0, microsecond=0)))
    if deletes:
        _refuse_ambiguous(text, rest)
    return _dated(text, rest, now)


def ago(then: datetime, now: datetime) -> str:
    """Return how long ago `then` was, in words: `3 h ago`."""
    words = span(abs(now - then))
    return f"{words} ago" if then <= now else f"in {words}"


def span(distance: timedelta) -> str:
    """Return a length of time in one unit: `3 h`."""
    for limit, unit, name in _STEPS:
        if distance < limit:
            return f"{distance // unit} {name}"
    return f"{distance.days // 365} years"


def stamp(then: datetime) -> str:
    """Return a time in this command's format: UTC, to the second."""
    return f"{then.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def timestamp(value: object) -> datetime | None:
    """Return a timestamp of the service as a datetime; None if it is absent or unreadable."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if not isinstance(value, datetime):
        return None
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def _refuse_ambiguous(text: str, rest: datetime) -> None:
    """Refuse a date that means different days in different countries, such as `10/11/2025`."""
    if _YEAR_FIRST.fullmatch(text):
        return
    days = sorted({f"{read:%Y-%m-%d}" for read in _readings(text, rest)})
    if len(days) > 1:
        raise PineconeValueError(
            f"{text!r} is ambiguous: {' or '.join(days)}",
            hint="Write the date in the form 2025-05-15.",
        )


def _readings(text: str, rest: datetime) -> Iterator[datetime]:
    for day_first, year_first in product((False, True), repeat=2):
        try:
            yield _parsed(text, rest, day_first=day_first, year_first=year_first)
        except PineconeValueError:
            continue


def _dated(text: str, rest: datetime, now: datetime) -> datetime:
    """Parse a date that may lack its year.

    It is parsed with two different defaults: the fields in which the results differ are missing.
    """
    first = _parsed(text, rest.replace(month=1, day=1))
    second = _parsed(text, rest.replace(year=rest.year - 1, month=2, day=2))
    if (first.month, first.day) != (second.month, second.day):
        raise PineconeValueError(f"{text!r} is not a complete date: give year, month and day")
    year_given = first.year == second.year
    read = _local(first)
    if not year_given and read.date() > now.date():
        return _local(second)
    return read


def _local(moment: datetime) -> datetime:
    """Return a time as aware; without a zone it is local.

    A time that daylight saving skips or repeats has two readings; the earlier one is taken, because
    it deletes less. (For a skipped time, Python's own choice depends on its version.)
    """
    if moment.tzinfo is not None:
        return moment
    return min(moment.replace(fold=fold).astimezone() for fold in (0, 1))


def _parsed(
    text: str, default: datetime, *, day_first: bool = False, year_first: bool = False
) -> datetime:
    from dateutil import parser

    try:
        read = parser.parse(
            _ZONE_BEFORE_OFFSET.sub("", text),  # dateutil reads UTC+3 as -03:00, like POSIX
            default=default,
            dayfirst=day_first,
            yearfirst=year_first,
            tzinfos=_known_offset,
        )
        _local(read).astimezone(UTC)  # fails at either end of the calendar
    except (ValueError, OverflowError) as error:
        raise PineconeValueError(
            f"{text!r} is not a date",
            hint="Try 2025-05-15, '15 May 2025 14:00', yesterday, or 7d for seven days ago.",
        ) from error
    return read


def _known_offset(name: str | None, offset: int | None) -> int | None:
    if name not in {None, "UTC", "GMT", "Z"}:  # the sign of EST-5 would be reversed
        raise ValueError(f"a time zone of unknown offset: {name}")
    return offset
