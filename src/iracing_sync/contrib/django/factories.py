"""Rows for the tests of an application: each function makes one row, its parents where none are given, and returns it.

They write on Django's own connection, so that a test's rollback takes the rows back; the models stay read-only. What a
test does not say is plain and valid: a round of the present week of a running season.
"""

from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import uuid4

from django.db import connections
from django.db.models import Max, Model

from iracing_sync.contrib.django.models import (
    CarClass,
    CarClassMember,
    CarRestriction,
    Event,
    EventCar,
    EventClass,
    EventSession,
    EventTime,
    ScheduleChange,
    Season,
    Series,
    SimCar,
    SimLayout,
    SimTrack,
    SyncRun,
)
from iracing_sync.contrib.django.options import database, in_schema
from iracing_sync.contrib.django.read_only import ReadOnlyError
from iracing_sync.quarters import WEEK, quarter_at, week_start
from iracing_sync.tables.mirrored import METADATA

Row = TypeVar("Row")

VERSION = "made by a test"
"""The version of the runs that are made here: no other database than a test's has these alone."""


def make_series(**said: Any) -> Series:
    """Make a series."""
    number = said.setdefault("series_id", next_number(Series, "series_id"))
    return insert(Series, {"name": f"Series {number}", "category": "sports_car", "is_stub": False, **said})


def make_season(**said: Any) -> Season:
    """Make a season that begins with the present week of iRacing's, in the present quarter."""
    series = said.setdefault("series", None) or make_series()
    now = datetime.now(UTC)
    quarter = quarter_at(now)
    plain = {
        "season_id": next_number(Season, "season_id"),
        "name": f"{series.name} - {quarter.year} Season {quarter.number}",
        "season_year": quarter.year,
        "season_quarter": quarter.number,
        "starts_at": week_start(now),
        "status": "running",
        "allowed_car_class_ids": [],
        **dict.fromkeys(("active", "official"), True),
        **dict.fromkeys(("fixed_setup", "driver_changes", "is_stub"), False),
    }
    return insert(Season, {**plain, **said, "series": series})


def make_track(**said: Any) -> SimTrack:
    """Make a track as it is bought."""
    number = said.setdefault("package_id", next_number(SimTrack, "package_id"))
    return insert(SimTrack, {"name": f"Track {number}", **said})


def make_layout(**said: Any) -> SimLayout:
    """Make a layout of a track."""
    track = said.setdefault("track", None) or make_track()
    plain = {"track_id": next_number(SimLayout, "track_id"), "name": track.name, "is_stub": False}
    return insert(SimLayout, {**plain, **said, "track": track})


def make_event(**said: Any) -> Event:
    """Make the next round of a season: the first is in the week in which the season begins."""
    season = said.setdefault("season", None) or make_season()
    layout = said.setdefault("layout", None) or make_layout()
    week = said.setdefault("race_week_num", next_number(season.events, "race_week_num", first=0))
    starts_at = said.setdefault("starts_at", season.starts_at and season.starts_at + week * WEEK)
    plain = {
        "ends_at": starts_at and starts_at + WEEK,
        "category": "sports_car",
        "race_minutes": 30,
        "is_ends_at_derived": False,
        "is_stub": False,
    }
    return insert(Event, {**plain, **said, "season": season, "layout": layout})


def make_event_time(**said: Any) -> EventTime:
    """Make a pattern of a round's races: every second hour of every day, unless the test says otherwise."""
    event = said.pop("event", None) or make_event()
    plain = {
        "ordinal": next_number(event.times, "ordinal", first=0),
        "kind": "race",
        "is_repeating": True,
        "is_super_session": False,
        "session_minutes": 60,
        "starts_on": event.starts_at and event.starts_at.date(),
        "day_offsets": list(range(7)),
        "first_session_at": "00:45",
        "repeat_minutes": 120,
    }
    return insert(EventTime, {**plain, **key_of(event), **said})


def make_event_session(**said: Any) -> EventSession:
    """Make a session of a round: a race, unless the test says otherwise."""
    event = said.pop("event", None) or make_event()
    plain = {"ordinal": next_number(event.sessions, "ordinal", first=0), "session_type": 6, "name": "Race"}
    return insert(EventSession, {**plain, **key_of(event), **said})


def make_car(**said: Any) -> SimCar:
    """Make a car."""
    number = said.setdefault("car_id", next_number(SimCar, "car_id"))
    return insert(SimCar, {"name": f"Car {number}", "is_stub": False, **said})


def make_car_class(**said: Any) -> CarClass:
    """Make a class of cars."""
    number = said.setdefault("car_class_id", next_number(CarClass, "car_class_id"))
    return insert(CarClass, {"name": f"Class {number}", "is_stub": False, **said})


def make_car_class_member(**said: Any) -> CarClassMember:
    """Put a car into a class."""
    car_class, car = said.pop("car_class", None) or make_car_class(), said.pop("car", None) or make_car()
    return insert(CarClassMember, {"car_class": car_class, "car": car, **said})


def make_event_class(**said: Any) -> EventClass:
    """Let a class race in a round."""
    event, car_class = said.pop("event", None) or make_event(), said.pop("car_class", None) or make_car_class()
    ordinal = next_number(event.classes, "ordinal", first=0)
    return insert(EventClass, {"ordinal": ordinal, **key_of(event), "car_class": car_class, **said})


def make_event_car(**said: Any) -> EventCar:
    """Let a car race in a round."""
    event, car = said.pop("event", None) or make_event(), said.pop("car", None) or make_car()
    return insert(EventCar, {"known_from": "week_cars", **key_of(event), "car": car, **said})


def make_restriction(**said: Any) -> CarRestriction:
    """Restrict a car in a round: what of it, the test says."""
    event, car = said.pop("event", None) or make_event(), said.pop("car", None) or make_car()
    return insert(CarRestriction, {**key_of(event), "car": car, **said})


def make_run(**said: Any) -> SyncRun:
    """Make a run that went well."""
    now = datetime.now(UTC)
    plain = {"run_id": uuid4(), "started_at": now - timedelta(minutes=1), "finished_at": now, "exit_code": 0}
    return insert(SyncRun, {**plain, "arguments": {}, "version": VERSION, "status": "ok", **said})


def make_change(**said: Any) -> ScheduleChange:
    """Make a change of a round that is to come: another track, unless the test says otherwise."""
    event, run = said.pop("event", None) or make_event(), said.pop("run", None) or make_run()
    plain = {
        "series": event.season.series,
        "season": event.season,
        "race_week_num": event.race_week_num,
        "rounds": [event.race_week_num],
        "at": run.started_at,
        "field": "track_id",
        "phase": "future",
        "severity": "high",
        "sentence": f"Week {event.race_week_num + 1}: another track",
    }
    return insert(ScheduleChange, {**plain, "run": run, **said})


def clear() -> None:
    """Take every row out of the tables, after a test with transactions of its own.

    Raises ReadOnlyError where iracing-sync has ever run: that is no test database.
    """
    if SyncRun.objects.using(database()).exclude(version=VERSION).exists():
        raise ReadOnlyError(SyncRun)
    with connections[database()].cursor() as cursor:
        for table in reversed(METADATA.sorted_tables):
            cursor.execute(f"DELETE FROM {in_schema(table.name)}")


def key_of(event: Event) -> dict[str, int]:
    """Return what ties a row to its round; event_id PostgreSQL makes of it."""
    return {"season_id": event.season_id, "race_week_num": event.race_week_num}


def next_number(rows: Any, column: str, *, first: int = 1) -> int:
    """Return the number after the largest that a column of a model, or of some rows, holds."""
    known = rows._default_manager.using(database()) if hasattr(rows, "_default_manager") else rows
    largest = known.aggregate(Max(column))[f"{column}__max"]
    return first if largest is None else largest + 1


def insert(model: type[Row], values: dict[str, Any]) -> Row:
    """Insert a row past the model, which would refuse, and return it as the database has it."""
    connection, about = connections[database()], model._meta  # type: ignore[attr-defined] # Django has no types
    known = {about.get_field(name): value for name, value in values.items()}
    columns, key = (", ".join(f'"{field.column}"' for field in fields) for fields in (known, about.pk_fields))
    places = ", ".join(["%s"] * len(known))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {about.db_table} ({columns}) VALUES ({places}) RETURNING {key}",
            [db_value(field, value, connection) for field, value in known.items()],
        )
        found = cursor.fetchone()
    row: Row = about.base_manager.using(database()).get(pk=found if len(found) > 1 else found[0])
    return row


def db_value(field: Any, value: Any, connection: Any) -> Any:
    """Return a value as PostgreSQL takes it; of a row that is pointed to, its key."""
    return field.get_db_prep_save(value.pk if isinstance(value, Model) else value, connection)
