"""Dates and durations as people write them."""

import time
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from pinecone_control import PineconeValueError
from pinecone_control.cli import times

NOW = datetime(2025, 5, 15, 12, 30, tzinfo=UTC).astimezone()


def local(*parts: int) -> datetime:
    return datetime(*parts).astimezone()  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2025-05-01", local(2025, 5, 1)),
        ("2025-05-01 14:05", local(2025, 5, 1, 14, 5)),
        ("1 May 2025", local(2025, 5, 1)),
        ("May 1, 2025 2pm", local(2025, 5, 1, 14)),
        ("1 May", local(2025, 5, 1)),
        ("24 Dec", local(2024, 12, 24)),
        ("10/11/2024", local(2024, 10, 11)),
        ("14:05", local(2025, 5, 15, 14, 5)),
        ("2pm", local(2025, 5, 15, 14)),
        ("today", local(2025, 5, 15)),
        ("yesterday", local(2025, 5, 14)),
        ("2025-05-01T14:05:06Z", datetime(2025, 5, 1, 14, 5, 6, tzinfo=UTC)),
        ("2025-05-01T14:05:06+02:00", datetime(2025, 5, 1, 12, 5, 6, tzinfo=UTC)),
        ("2025-05-15T13:59:51.439479+00:00", datetime(2025, 5, 15, 13, 59, 51, 439479, tzinfo=UTC)),
        ("2025-05-01 14:00 UTC+3", datetime(2025, 5, 1, 11, tzinfo=UTC)),
        ("Thu May 01 2025 14:00:00 GMT-0700", datetime(2025, 5, 1, 21, tzinfo=UTC)),
        ("2025-05-01 14:00 UTC", datetime(2025, 5, 1, 14, tzinfo=UTC)),
        ("7d", NOW - timedelta(days=7)),
        ("90 m", NOW - timedelta(minutes=90)),
        ("1.5h", NOW - timedelta(minutes=90)),
        ("2w", NOW - timedelta(days=14)),
    ],
)
def test_moment_is_read_as_it_was_meant(text: str, meant: datetime) -> None:
    assert times.moment(text, now=NOW) == meant


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("2025-05-01", local(2025, 5, 1, 23, 59, 59, 999999)),
        ("yesterday", local(2025, 5, 14, 23, 59, 59, 999999)),
        ("2025-05-01 14:05", local(2025, 5, 1, 14, 5, 59, 999999)),
    ],
)
def test_end_of_a_period_takes_in_all_of_what_was_written(text: str, last: datetime) -> None:
    assert times.moment(text, now=NOW, end_of_day=True) == last


@pytest.mark.parametrize(
    "text",
    [
        *("", "someday", "May 2025", "2025", "32 May", "7x", "d", "31 Feb"),
        *("2025-05-01 14:00 EST", "2025-05-01 14:00 EST-5"),
        *("2025-05-15T14:00-25:00", "0001-01-01T00:00+14:00", "in 9999y", "in 999999999y"),
    ],
)
def test_moment_that_is_none_or_incomplete_is_refused(text: str) -> None:
    with pytest.raises(PineconeValueError):
        times.moment(text, now=NOW)


@pytest.mark.parametrize(
    ("text", "seconds"), [("45s", 45), ("30m", 1800), ("2h", 7200), ("1d", 86400), ("0.5W", 302400)]
)
def test_duration_is_a_number_with_a_unit(text: str, seconds: float) -> None:
    assert times.duration(text).seconds == seconds


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2 weeks ago", 1_209_600),
        ("5min", 300),
        ("1.5d", 129_600),
        ("1h30min", 5400),
        ("1d 12h", 129_600),
        ("1.5y", 365 * 86_400 + 180 * 86_400),
        ("6mo", 180 * 86_400),
    ],
)
def test_duration_is_read_as_tables_and_people_write_it(text: str, seconds: float) -> None:
    assert times.duration(text).seconds == seconds


@pytest.mark.parametrize("text", ["1m", "6M", "5m30s", "1m ago", "6M ago", "2h 5m"])
def test_m_is_refused_where_something_is_deleted(text: str) -> None:
    for read in (times.duration, partial(times.moment, now=NOW)):
        with pytest.raises(PineconeValueError, match="ambiguous"):
            read(text, deletes=True)


@pytest.mark.parametrize("text", ["in 3 d", "23:59"])
def test_future_is_refused_where_something_is_deleted(text: str) -> None:
    with pytest.raises(PineconeValueError, match="in the future"):
        times.moment(text, now=NOW, deletes=True)


def test_future_with_its_year_is_taken_at_its_word() -> None:
    assert times.moment("2099-01-01", now=NOW, deletes=True).year == 2099


@pytest.mark.parametrize(
    ("text", "zone"), [("9999-12-31", "America/New_York"), ("0001-01-01", "Pacific/Auckland")]
)
def test_day_that_ends_beyond_the_calendar_is_refused(
    monkeypatch: pytest.MonkeyPatch, text: str, zone: str
) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        with pytest.raises(PineconeValueError, match="is not a date"):
            times.moment(text, now=NOW, end_of_day=True)
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize(
    ("now", "text", "meant"),
    [
        ((2024, 2, 29, 12), "1y", (2023, 2, 28, 12)),
        ((2024, 2, 29, 12), "4y", (2020, 2, 29, 12)),
        ((2024, 3, 31, 12), "1mo", (2024, 2, 29, 12)),
        ((2023, 3, 31, 12), "1 month ago", (2023, 2, 28, 12)),
        ((2025, 3, 31, 2, 30), "1d", (2025, 3, 30, 1, 30)),  # 2:30 was skipped: the earlier
        ((2025, 3, 31, 12), "1d", (2025, 3, 30, 12)),
        ((2025, 3, 30, 12), "24h", (2025, 3, 29, 11)),
        ((2025, 10, 26, 12), "24h", (2025, 10, 25, 13)),
        ((2025, 10, 27, 12), "1w", (2025, 10, 20, 12)),
    ],
)
def test_days_are_of_the_calendar_and_hours_of_the_clock(
    monkeypatch: pytest.MonkeyPatch, now: tuple[int, ...], text: str, meant: tuple[int, ...]
) -> None:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        assert times.moment(text, now=local(*now)) == local(*meant)
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize(
    "text", ["", "45", "s", "-1s", "1 fortnight", "9" * 400 + "d", "999999999y"]
)
def test_duration_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(PineconeValueError):
        times.duration(text)


@pytest.mark.parametrize(
    ("distance", "words"),
    [
        (timedelta(seconds=3), "3 s ago"),
        (timedelta(minutes=3), "3 min ago"),
        (timedelta(hours=27), "27 h ago"),
        (timedelta(days=40), "40 d ago"),
        (timedelta(days=100), "3 months ago"),
        (timedelta(days=800), "2 years ago"),
        (-timedelta(minutes=3), "in 3 min"),
    ],
)
def test_distance_is_told_in_one_unit(distance: timedelta, words: str) -> None:
    assert times.ago(NOW - distance, NOW) == words
