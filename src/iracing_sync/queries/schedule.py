"""The rounds of a quarter, and those of a moment."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, column, select, table, text

from iracing_sync.quarters import Quarter
from iracing_sync.queries.quarter_filter import QuarterFilter
from iracing_sync.queries.rows import plain_rows
from iracing_sync.tables.rows import Row
from iracing_sync.tables.seasons import Season

ROUND = (
    *("event_id", "series_id", "series_name", "season_id", "season_name", "race_week_num", "starts_at", "ends_at"),
    *("track_id", "track_name", "config_name", "race_laps", "race_minutes", "category"),
    *("car_class_ids", "car_class_names", "car_ids", "car_names"),
)
"""What is told of a round."""


def runs_in(quarter: Quarter, week: Any) -> Sequence[ColumnElement[bool]]:
    """Return the conditions under which a round runs in a quarter."""
    return (week.starts_at < quarter.ends_at, week.ends_at > quarter.starts_at)


def read_schedule(connection: Connection, quarter: QuarterFilter, series: Collection[int] = ()) -> list[Row]:
    """Return the rounds that run in a quarter, or with its tag all of the seasons that began there, by series and week.

    A season that runs on into the next quarter has its rounds in both.
    """
    week = table("event_schedule", *map(column, ROUND))
    query = (
        select(week)
        .join(Season, Season.season_id == week.c.season_id)
        .where(quarter.condition(), *(() if quarter.is_tag else runs_in(quarter.quarter, week.c)))
        .where(Season.status.is_distinct_from("withdrawn"), Season.missing_since.is_(None))
        .order_by(week.c.series_name, week.c.season_id, week.c.race_week_num)
    )
    return plain_rows(connection.execute(query.where(week.c.series_id.in_(series)) if series else query))


class RoundOfWeek(NamedTuple):
    """A round that runs."""

    series_name: str
    track_name: str
    config_name: str | None
    race_week_num: int


def current_week(connection: Connection, at: datetime, most: int) -> list[RoundOfWeek]:
    """Return the rounds that run at an instant."""
    rounds = text(
        "SELECT series_name, track_name, config_name, race_week_num FROM current_event(:at) "
        "ORDER BY series_name LIMIT :most"
    )
    return [RoundOfWeek(*row) for row in connection.execute(rounds, {"at": at, "most": most})]
