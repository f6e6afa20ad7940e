"""Which columns are compared, where iRacing has them, and how much each matters to someone who races."""

from functools import cache
from typing import NamedTuple

from iracing_sync.tables.base import Record, Severity, Source
from iracing_sync.tables.events import CarRestriction, Event
from iracing_sync.tables.ignored import Ignore, ignored_keys
from iracing_sync.tables.mirrored import RECORDS
from iracing_sync.tables.seasons import Season

WEIGHTS: tuple[Severity, ...] = ("high", "medium", "low")
"""The weightiest first."""


class Compared(NamedTuple):
    """A column, the JSON path it comes from, and its severity."""

    column: str
    path: str
    severity: Severity


@cache
def compared_columns(record: type[Record]) -> tuple[Compared, ...]:
    """Return the columns of a record that are compared, the weightiest first."""
    _, around = record.__found_at__
    found = [
        Compared(column.name, f"{around}{source.path}", source.severity)
        for column in record.__table__.columns
        if (source := column.info.get("source")) and source.severity
    ]
    return tuple(sorted(found, key=lambda one: WEIGHTS.index(one.severity)))


@cache
def words_of_columns() -> dict[str, str]:
    """Return what people call the columns that have a word of their own: the unit where they are numbers."""
    sources: dict[str, Source] = {
        column.name: column.info["source"]
        for record in RECORDS
        for column in record.__table__.columns
        if "source" in column.info
    }
    return {name: source.words for name, source in sources.items() if source.words}


_, SEASON_PATH = Season.__found_at__
_, ROUND_PATH = Event.__found_at__

RESTRICTION = tuple(one for one in compared_columns(CarRestriction) if one.severity == "medium")
SETUP = tuple(one for one in compared_columns(CarRestriction) if one.severity == "low")

UNREPORTED = frozenset(f"{SEASON_PATH}{key.path}" for key in ignored_keys("series/seasons", Ignore.REPORT))
"""What is stored when it differs, and is no change of a schedule."""

TIMES_PATH = f"{ROUND_PATH}race_time_descriptors"
CARS_PATHS = (f"{ROUND_PATH}race_week_cars", f"{ROUND_PATH}race_week_car_class_ids")
END_PATH = f"{ROUND_PATH}week_end_time"
"""What other columns are derived from."""

NOT_SAID = frozenset(
    {
        *("practice_minutes", "qualify_minutes", "warmup_minutes", "is_qualify_attached", "start_type", "restart_type"),
        *("has_full_course_cautions", "category"),
    }
)
"""Columns of a round in which null means that its document does not say, and never that there is none."""

WEATHER_COLUMNS = frozenset(
    f"{ROUND_PATH}{column.info['source'].path}"
    for column in Event.__table__.columns
    if "source" in column.info and column.info["source"].path.startswith("weather.")
)
"""What of the weather has a column."""

PLACES = {
    **{one.column: one.path for one in compared_columns(Event)},
    "times": TIMES_PATH,
    "cars": CARS_PATHS[0],
    "car_class_ids": CARS_PATHS[1],
    "ends_at": END_PATH,
    "restrictions": f"{ROUND_PATH}car_restrictions",
    "setups": f"{ROUND_PATH}car_restrictions",
}
"""The JSON path of each field of a round that is compared, those aside whose items have paths of their own."""


def path_of_field(field: str, item: str | None) -> str:
    """Return the JSON path of a field of a round, or of an item of one.

    >>> path_of_field("weather", "fog")
    '$[].schedules[].weather.fog'
    """
    if field == "settings":
        return f"{ROUND_PATH}{item}"
    return f"{ROUND_PATH}weather.{item}" if field == "weather" else PLACES.get(field, f"{ROUND_PATH}{field}")
