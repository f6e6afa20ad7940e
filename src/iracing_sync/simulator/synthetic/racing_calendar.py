"""The calendar of the simulated iRacing: quarters of twelve weeks and a thirteenth."""

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

FIRST_YEAR = 2008
RACING_WEEKS = 12
WEEK = timedelta(weeks=1)
TUESDAY = 1


class Quarter(NamedTuple):
    """A season's tag, as `season_year` and `season_quarter` give it."""

    year: int
    number: int

    @property
    def ordinal(self) -> int:
        """Count quarters from the first of 2008, which is 0."""
        return (self.year - FIRST_YEAR) * 4 + self.number - 1

    @property
    def starts_on(self) -> date:
        """The Tuesday on which it starts."""
        return quarter_start(self.year, self.number)

    @property
    def week_13_on(self) -> date:
        """The Tuesday on which its thirteenth week starts."""
        return self.starts_on + RACING_WEEKS * WEEK

    @property
    def ends_on(self) -> date:
        """The Tuesday on which the next quarter starts."""
        return nth_quarter(self.ordinal + 1).starts_on


def quarter_start(year: int, quarter: int) -> date:
    """Return the Tuesday on which a quarter starts.

    The first starts in the mid of December before, the others thirteen weeks apart; some years end in a week 14.

    >>> quarter_start(2024, 1), quarter_start(2024, 2)
    (datetime.date(2023, 12, 12), datetime.date(2024, 3, 12))
    """
    earliest = date(year - 1, 12, 11)
    first = earliest + timedelta(days=(TUESDAY - earliest.weekday()) % 7)
    return first + (quarter - 1) * 13 * WEEK


def nth_quarter(ordinal: int) -> Quarter:
    """Return the quarter so many after the first of 2008."""
    years, number = divmod(ordinal, 4)
    return Quarter(FIRST_YEAR + years, number + 1)


def quarter_at(at: datetime) -> Quarter:
    """Return the quarter that runs at a moment."""
    year = at.astimezone(UTC).year + 1
    candidates = (Quarter(y, number) for y in (year, year - 1, year - 2) for number in (4, 3, 2, 1))
    return next(quarter for quarter in candidates if midnight(quarter.starts_on) <= at)


def is_week_13(at: datetime) -> bool:
    """Say whether the twelve racing weeks are over and the next quarter has not begun."""
    return at >= midnight(quarter_at(at).week_13_on)


def midnight(day: date) -> datetime:
    """Return the first moment of a day, UTC."""
    return datetime.combine(day, time(), UTC)


def instant_text(moment: datetime) -> str:
    """Write a moment as iRacing does.

    >>> instant_text(datetime(2024, 3, 12, tzinfo=UTC))
    '2024-03-12T00:00:00Z'
    """
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
