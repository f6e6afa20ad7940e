"""What the reading commands share: names instead of ids, the reader's time zone, and three ways to print rows."""

import csv
import io
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, tzinfo
from difflib import get_close_matches
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import typer

from iracing_sync.cli.completion import series_for_shell
from iracing_sync.cli.lines import write
from iracing_sync.errors import SettingsError
from iracing_sync.json_text import to_json


class Category(StrEnum):
    """What is raced."""

    OVAL = "oval"
    DIRT_OVAL = "dirt_oval"
    DIRT_ROAD = "dirt_road"
    SPORTS_CAR = "sports_car"
    FORMULA_CAR = "formula_car"
    ROAD = "road"


SERIES_NAMES = typer.Option(
    None,
    "--series",
    metavar="NAME|ID",
    help="Only series whose name holds these words, or with this id; repeatable.",
    autocompletion=series_for_shell,
)
CAR_NAMES = typer.Option(None, "--car", metavar="NAME|ID", help="Only rounds with such a car; repeatable.")
TRACK_NAMES = typer.Option(None, "--track", metavar="NAME|ID", help="Only rounds at such a track; repeatable.")
CATEGORIES = typer.Option(None, "--category", help="Only this category; repeatable.", case_sensitive=False)
TZ = typer.Option(None, "--tz", metavar="ZONE", help="Times as in this zone, such as Europe/Berlin; else the system's.")


FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a text begins that a spreadsheet takes for a formula."""


class Zone:
    """The reader's time zone, by default that of the system; raises SettingsError for a name that is none."""

    def __init__(self, name: str | None) -> None:
        self._zone: tzinfo | None = None
        if name is None:
            return
        try:
            self._zone = ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            near = get_close_matches(name, available_timezones(), n=1, cutoff=0.3)
            hint = f"; the nearest is {near[0]}" if near else ""
            raise SettingsError(f"--tz {name}: there is no such time zone{hint}") from None

    def local(self, at: datetime) -> datetime:
        """Return an instant in this zone."""
        return at.astimezone(self._zone)

    def name(self, at: datetime) -> str:
        """Return what the zone is called at an instant; some have a number for a name."""
        name = f"{self.local(at):%Z}"
        return name if name.isalpha() else f"UTC{name[:3]}:{name[3:] or '00'}" if name[1:].isdigit() else name

    def day_and_time(self, at: datetime | None) -> str:
        """Write an instant of the next days, nothing where there is none."""
        return f"{self.local(at):%a %H:%M}" if at else ""

    def minute(self, at: datetime) -> str:
        """Write an instant to the minute, with the zone."""
        return f"{self.local(at):%Y-%m-%d %H:%M %Z}"

    def day(self, at: datetime | None) -> str:
        """Write the day of an instant, nothing where there is none."""
        return f"{self.local(at):%Y-%m-%d}" if at else ""


def terminal_width() -> int | None:
    """Return how wide the terminal is, None where the output is none: a line may be as long as it needs to be."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def print_csv(rows: Iterable[Mapping[str, Any]], names: Sequence[str]) -> None:
    """Print rows as comma-separated values under their names; instants in UTC, lists joined by semicolons."""
    written = io.StringIO()
    table = csv.writer(written, lineterminator="\n")
    table.writerow(names)
    table.writerows([csv_value(row[name]) for name in names] for row in rows)
    write(written.getvalue().rstrip("\n"))


def csv_value(value: Any) -> Any:
    """Write a value as a cell; a text that a spreadsheet would reckon with begins with an apostrophe."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict) or (isinstance(value, list) and any(isinstance(one, dict) for one in value)):
        return to_json(value)
    text = "; ".join(map(str, value)) if isinstance(value, list) else value
    return f"'{text}" if isinstance(text, str) and text.startswith(FORMULA) else text
