"""Options that several commands share, and what their texts mean."""

import re
from datetime import datetime, timedelta

import typer

from iracing_sync.errors import SettingsError
from iracing_sync.instants import instant, utc_minute
from iracing_sync.whole_numbers import LARGEST

AS_JSON = typer.Option(False, "--json", help="Print one JSON object, of an error too.")
AS_CSV = typer.Option(False, "--csv", help="Print comma-separated values with a line of names.")
HEADLESS = typer.Option(False, "--headless", help="Never ask, never draw: plain log lines.")
OFFLINE = typer.Option(False, "--offline", help="Use the cache only, whatever its age.")
REFRESH = typer.Option(False, "--refresh", help="Ask iRacing again, whatever the cache holds.")
AT = typer.Option(None, "--at", metavar="MOMENT", help="As if it were then: 2025-09-09 or 2025-09-09T12:00, in UTC.")
SERIES = typer.Option(None, min=1, max=LARGEST, metavar="ID", help="Only this series; may be repeated.")
SINCE = typer.Option("7d", help="How far back: 12h, 7d, 4w, or a date such as 2025-05-01.")

SPANS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


def span_of(said: str, units: str = "mhdw", *, digits: int = 4) -> timedelta | None:
    """Read a span of time, None where it is none.

    >>> span_of("2d"), span_of("2w", "mhd")
    (datetime.timedelta(days=2), None)
    """
    span = re.fullmatch(rf"(\d{{1,{digits}}})([{units}])", said.strip())
    return int(span[1]) * SPANS[span[2]] if span else None


def since_when(since: str, at: datetime) -> datetime:
    """Read how far back from a moment is meant; raises SettingsError where that cannot be told."""
    span = span_of(since, digits=5)
    if span is not None:
        return at - span
    try:
        read = instant(since)
    except (ValueError, OverflowError):
        raise SettingsError(f"--since {since}: expected 12h, 7d, 4w or a date such as 2025-05-01") from None
    if read > at:
        raise SettingsError(f"--since {since} is later than {utc_minute(at)}, from where it looks back")
    return read
