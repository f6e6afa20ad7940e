"""The calendar of the simulated iRacing, beyond what `iracing_sync.quarters` knows: twelve weeks and a thirteenth."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from iracing_sync.quarters import FIRST_YEAR, Quarter

FIRST_QUARTER = Quarter(FIRST_YEAR, 1)
RACING_WEEKS = 12
WEEK = timedelta(weeks=1)


def ordinal_of(quarter: Quarter) -> int:
    """Count quarters from the first of 2008, which is 0."""
    return (quarter.year - FIRST_YEAR) * 4 + quarter.number - 1


def quarters_between(first: Quarter, last: Quarter) -> Iterator[Quarter]:
    """Yield the quarters from the first to the last, both included."""
    quarter = first
    while quarter <= last:
        yield quarter
        quarter = quarter.before_or_after(1)


def week_13_on(quarter: Quarter) -> date:
    """Return the Tuesday on which the thirteenth week of a quarter starts; some years end in a fourteenth.

    >>> week_13_on(Quarter(2024, 1))
    datetime.date(2024, 3, 5)
    """
    return (quarter.starts_at + RACING_WEEKS * WEEK).date()


def midnight(day: date) -> datetime:
    """Return the first moment of a day, UTC."""
    return datetime.combine(day, time(), UTC)


def utc_text(moment: datetime) -> str:
    """Write a moment as iRacing does.

    >>> utc_text(datetime(2024, 3, 12, tzinfo=UTC))
    '2024-03-12T00:00:00Z'
    """
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
