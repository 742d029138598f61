"""Dates and durations as people write them."""

from datetime import UTC, datetime, timedelta

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


@pytest.mark.parametrize("text", ["", "someday", "May 2025", "2025", "32 May", "7x", "d", "31 Feb"])
def test_moment_that_is_none_or_incomplete_is_refused(text: str) -> None:
    with pytest.raises(PineconeValueError):
        times.moment(text, now=NOW)


@pytest.mark.parametrize(
    ("text", "seconds"), [("45s", 45), ("30m", 1800), ("2h", 7200), ("1d", 86400), ("0.5W", 302400)]
)
def test_duration_is_a_number_with_a_unit(text: str, seconds: float) -> None:
    assert times.duration(text).seconds == seconds


@pytest.mark.parametrize("text", ["", "45", "s", "-1s", "1 fortnight", "9" * 400 + "d"])
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
