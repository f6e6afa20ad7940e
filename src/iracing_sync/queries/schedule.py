"""The rounds of a quarter, and those of a moment."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, column, select, table, text

from iracing_sync.queries.quarter_filter import QuarterFilter
from iracing_sync.queries.rows import plain_rows
from iracing_sync.tables.rows import Row
from iracing_sync.tables.seasons import Season

ROUND = (
    *("series_id", "series_name", "season_id", "season_name", "race_week_num", "starts_at", "ends_at"),
    *("track_id", "track_name", "config_name", "race_laps", "race_minutes", "category"),
    *("car_class_ids", "car_ids"),
)
"""What is told of a round."""


def read_schedule(connection: Connection, quarter: QuarterFilter, series: Collection[int] = ()) -> list[Row]:
    """Return the rounds of the seasons of a quarter, by series and week."""
    week = table("week_schedule", *map(column, ROUND))
    query = (
        select(week)
        .join(Season, Season.season_id == week.c.season_id)
        .where(quarter.condition())
        .order_by(week.c.series_name, week.c.season_id, week.c.race_week_num)
    )
    return plain_rows(connection.execute(query.where(week.c.series_id.in_(series)) if series else query))


def current_week(connection: Connection, at: datetime, most: int) -> list[tuple[str, str, str | None, int]]:
    """Return the rounds that run at an instant: series, track, configuration, race_week_num."""
    rounds = text(
        "SELECT series_name, track_name, config_name, race_week_num FROM week_schedule "
        "WHERE starts_at <= :at AND ends_at > :at ORDER BY series_name LIMIT :most"
    )
    return [tuple(row) for row in connection.execute(rounds, {"at": at, "most": most})]
