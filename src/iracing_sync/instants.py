"""Instants: the present one, those that iRacing writes, and how people read them."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache

Clock = Callable[[], datetime]


def now() -> datetime:
    """Return the present instant in UTC."""
    return datetime.now(UTC)


def stopped_at(at: datetime) -> Clock:
    """Return a clock that always tells the same moment."""
    return lambda: at


@lru_cache(maxsize=8192)
def instant(value: str) -> datetime:
    """Read an instant, or a date as its midnight, in UTC; raises ValueError for what is neither.

    >>> instant("2025-09-09").isoformat()
    '2025-09-09T00:00:00+00:00'
    """
    read = datetime.fromisoformat(value)
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)


def utc_minute(at: datetime) -> str:
    """Write an instant for a person, to the minute.

    >>> utc_minute(instant("2025-09-09T00:45:30Z"))
    '2025-09-09 00:45 UTC'
    """
    return f"{at:%Y-%m-%d %H:%M} UTC"
