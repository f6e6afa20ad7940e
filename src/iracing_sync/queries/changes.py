"""What changed in the schedules, with a sentence for each change."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, select

from iracing_sync.changes.sentences import Names, sentence
from iracing_sync.plain_text import layout_name
from iracing_sync.queries.quarter_filter import QuarterFilter
from iracing_sync.queries.rows import plain_rows
from iracing_sync.tables.cars import CarClass, SimCar
from iracing_sync.tables.own import SCHEDULE_CHANGE
from iracing_sync.tables.rows import Row
from iracing_sync.tables.seasons import Season
from iracing_sync.tables.series import Series
from iracing_sync.tables.tracks import SimLayout

SEVERITIES = ("high", "medium", "low")
"""The weightiest first."""


class ChangeFilter(NamedTuple):
    """Which changes to read; `severity` is the least one."""

    since: datetime | None = None
    run_id: UUID | None = None
    phases: Collection[str] = ()
    severity: str = "low"
    series: Collection[int] = ()
    quarter: QuarterFilter | None = None


def read_changes(connection: Connection, wanted: ChangeFilter) -> list[Row]:
    """Return changes, oldest first, with the names of series and season and with a sentence each."""
    rows = plain_rows(connection.execute(changes_query(wanted)))
    names = names_of_ids(connection) if rows else Names({}, {}, {})
    return [row | {"sentence": sentence(row, names)} for row in rows]


def changes_query(wanted: ChangeFilter) -> Any:
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
    return query.where(wanted.quarter.condition()) if wanted.quarter else query


def names_of_ids(connection: Connection) -> Names:
    """Return what layouts, cars and classes are called."""
    layouts = connection.execute(select(SimLayout.track_id, SimLayout.name, SimLayout.config_name))
    cars = connection.execute(select(SimCar.car_id, SimCar.name))
    classes = connection.execute(select(CarClass.car_class_id, CarClass.name))
    return Names(
        {row.track_id: layout_name(row.name, row.config_name) for row in layouts},
        {row.car_id: row.name for row in cars},
        {row.car_class_id: row.name or f"class {row.car_class_id}" for row in classes},
    )
