"""Quarters as iRacing tags its seasons, and when they run.

A season year begins in December: its first quarter on the Tuesday from 11 December on, the others thirteen weeks apart.
That is how the recorded seasons start; where iRacing moves a start by a week, a tag is off by as much.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

FIRST_YEAR = 2008
"""iRacing's first season year."""

LAST_YEAR = 2100
"""The last that may be asked for."""

TUESDAY = 1
WEEK = timedelta(weeks=1)
LENGTH = 13 * WEEK


class Quarter(NamedTuple):
    """A tag: `season_year` and `season_quarter`."""

    year: int
    number: int

    @property
    def params(self) -> dict[str, int]:
        """Return the parameters with which iRacing is asked for it."""
        return {"season_year": self.year, "season_quarter": self.number}

    @property
    def name(self) -> str:
        """Return it as people write it."""
        return f"{self.year} S{self.number}"

    @property
    def starts_at(self) -> datetime:
        """Return when it begins.

        >>> Quarter(2024, 1).starts_at.date(), Quarter(2025, 3).starts_at.date()
        (datetime.date(2023, 12, 12), datetime.date(2025, 6, 17))
        """
        earliest = date(self.year - 1, 12, 11)
        first = earliest + timedelta(days=(TUESDAY - earliest.weekday()) % 7)
        return datetime.combine(first, time(), UTC) + (self.number - 1) * LENGTH

    @property
    def ends_at(self) -> datetime:
        """Return when the next one begins."""
        return self.before_or_after(1).starts_at

    def week_at(self, at: datetime) -> int:
        """Return in which of its weeks an instant lies, the first being 1; before it begins, less than that.

        >>> Quarter(2025, 3).week_at(datetime(2025, 9, 9, tzinfo=UTC))
        13
        """
        return (at - self.starts_at) // WEEK + 1

    def is_next_to(self, other: "Quarter") -> bool:
        """Tell whether another quarter is this one, the one before or the one after."""
        return self in (other.before_or_after(-1), other, other.before_or_after(1))

    def before_or_after(self, quarters: int) -> "Quarter":
        """Return the quarter so many later, or earlier."""
        year, number = divmod(self.year * 4 + self.number - 1 + quarters, 4)
        return Quarter(year, number + 1)


def week_start(at: datetime) -> datetime:
    """Return when iRacing's week of an instant began: on Tuesday, 00:00 UTC, as the function of that name tells.

    >>> week_start(datetime(2025, 9, 8, 23, tzinfo=UTC)).date()
    datetime.date(2025, 9, 2)
    """
    quarter = quarter_at(at)
    return quarter.starts_at + (quarter.week_at(at) - 1) * WEEK


def quarter_at(at: datetime) -> Quarter:
    """Return the quarter that runs at an instant."""
    quarter = Quarter(at.year + 1, 1)
    while quarter.starts_at > at:
        quarter = quarter.before_or_after(-1)
    return quarter


def past_quarters(present: Quarter, since: int) -> Iterator[Quarter]:
    """Yield the quarters before the present one, the newest first, back to the first of the year `since`."""
    quarter = present.before_or_after(-1)
    while quarter.year >= since:
        yield quarter
        quarter = quarter.before_or_after(-1)
