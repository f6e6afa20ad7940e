"""What a value of a document means: instants, dates and numbers as iRacing writes them."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import TypeVar

from iracing_sync.instants import instant

Parsed = TypeVar("Parsed")
Day = TypeVar("Day", date, datetime)

YEARS = range(1970, 2200)
"""iRacing began in 2008; with a date far from now neither Python nor PostgreSQL can reckon."""

INSTANT = "an instant in ISO 8601, of the years 1970 to 2199"


def meaning_of(parse: Callable[[str], Parsed], value: object) -> Parsed | None:
    """Return what a text means, None where it means nothing."""
    try:
        return parse(value) if isinstance(value, str) else None
    except (ValueError, OverflowError):
        return None


def near(day: Day) -> Day:
    """Return a date or instant; raises ValueError where it is far from now."""
    if day.year not in YEARS:
        raise ValueError
    return day


def near_instant(value: str) -> datetime:
    """Read an instant."""
    return near(instant(value))


def maybe_near_instant(value: object) -> datetime | None:
    """Read an instant, None where the value is none."""
    return meaning_of(near_instant, value)


def near_day(value: str) -> date:
    """Read a date."""
    return near(date.fromisoformat(value))


def local_time(value: str) -> datetime:
    """Read a date and time; a zone is dropped, for none is meant."""
    return near(datetime.fromisoformat(value)).replace(tzinfo=None)


@lru_cache(maxsize=1024, typed=True)
def decimal(value: float) -> Decimal:
    """Return a number as it is written."""
    return Decimal(str(value))
