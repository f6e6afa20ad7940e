"""What people ask of the tables: changes, schedules, the rounds of the week."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, CursorResult, and_, column, select, table, text

from iracing_sync.changes.sentences import Names, sentence
from iracing_sync.own_tables import SCHEDULE_CHANGE
from iracing_sync.quarters import Quarter
from iracing_sync.records import CarClass, Season, Series, SimCar, SimLayout

Row = dict[str, Any]

ROUND = (
    *("series_id", "series_name", "season_id", "season_name", "race_week_num", "starts_at", "ends_at"),
    *("track_id", "track_name", "config_name", "race_laps", "race_minutes", "category"),
    *("car_class_ids", "car_ids"),
)
"""What is told of a round."""

SEVERITIES = ("high", "medium", "low")
"""The weightiest first."""


class Running(NamedTuple):
    """A quarter to select seasons by: those that run in it, or those that have its tag because they began there."""

    quarter: Quarter
    is_tag: bool

    def condition(self) -> Any:
        """Return the condition on season."""
        quarter = self.quarter
        if self.is_tag:
            return and_(Season.season_year == quarter.year, Season.season_quarter == quarter.number)
        return and_(Season.starts_at < quarter.ends_at, Season.ends_at > quarter.starts_at)


class Wanted(NamedTuple):
    """Which changes to read; `severity` is the least one."""

    since: datetime | None = None
    run_id: UUID | None = None
    phases: Collection[str] = ()
    severity: str = "low"
    series: Collection[int] = ()
    running: Running | None = None


def read_changes(connection: Connection, wanted: Wanted) -> list[Row]:
    """Return changes, oldest first, with the names of series and season and with a sentence each."""
    rows = rows_of(connection.execute(changes_query(wanted)))
    names = names_in(connection) if rows else Names({}, {}, {})
    return [row | {"sentence": sentence(row, names)} for row in rows]


def rows_of(found: CursorResult[Any]) -> list[Row]:
    """Return what was found as plain dicts; SQLAlchemy's names of columns are of a kind of str that is no JSON key."""
    names = list(map(str, found.keys()))
    return [dict(zip(names, row, strict=True)) for row in found]


def changes_query(wanted: Wanted) -> Any:
    """Select the wanted changes."""
    change = SCHEDULE_CHANGE.c
    query: Any = (
        select(
            *(change.at, change.series_id, Series.name.label("series_name"), change.season_id),
            *(Season.name.label("season_name"), change.race_week_num, change.field, change.old, change.new),
            *(change.phase, change.severity, change.run_id),
        )
        .join(Series, Series.series_id == change.series_id)
        .outerjoin(Season, Season.season_id == change.season_id)
        .where(change.severity.in_(SEVERITIES[: SEVERITIES.index(wanted.severity) + 1]))
        .order_by(change.at, Series.name, change.season_id, change.race_week_num, change.change_id)
    )
    if wanted.since:
        query = query.where(change.at >= wanted.since)
    if wanted.run_id:
        query = query.where(change.run_id == wanted.run_id)
    if wanted.phases:
        query = query.where(change.phase.in_(wanted.phases))
    if wanted.series:
        query = query.where(change.series_id.in_(wanted.series))
    return query.where(wanted.running.condition()) if wanted.running else query


def names_in(connection: Connection) -> Names:
    """Return what layouts, cars and classes are called."""
    layouts = connection.execute(select(SimLayout.track_id, SimLayout.name, SimLayout.config_name))
    cars = connection.execute(select(SimCar.car_id, SimCar.name))
    classes = connection.execute(select(CarClass.car_class_id, CarClass.name))
    return Names(
        {row.track_id: f"{row.name} - {row.config_name}" if row.config_name else row.name for row in layouts},
        {row.car_id: row.name for row in cars},
        {row.car_class_id: row.name or f"class {row.car_class_id}" for row in classes},
    )


def read_schedule(connection: Connection, running: Running, series: Collection[int] = ()) -> list[Row]:
    """Return the rounds of the seasons of a quarter, by series and week."""
    week = table("week_schedule", *map(column, ROUND))
    query = (
        select(week)
        .join(Season, Season.season_id == week.c.season_id)
        .where(running.condition())
        .order_by(week.c.series_name, week.c.season_id, week.c.race_week_num)
    )
    return rows_of(connection.execute(query.where(week.c.series_id.in_(series)) if series else query))


def current_week(connection: Connection, at: datetime, most: int) -> list[tuple[str, str, str | None, int]]:
    """Return the rounds that run at an instant: series, track, configuration, race_week_num."""
    rounds = text(
        "SELECT series_name, track_name, config_name, race_week_num FROM week_schedule "
        "WHERE starts_at <= :at AND ends_at > :at ORDER BY series_name LIMIT :most"
    )
    return [tuple(row) for row in connection.execute(rounds, {"at": at, "most": most})]
