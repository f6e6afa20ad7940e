"""The races that start in a span of time."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, text

from iracing_sync.queries.rows import plain_rows
from iracing_sync.tables.rows import Row

SESSION = (
    *("event_id", "season_id", "race_week_num", "series_id", "series_name", "season_name", "starts_at", "ends_at"),
    *("is_super_session", "session_minutes", "track_id", "track_name", "config_name", "category", "license_group"),
    *("official", "fixed_setup", "race_laps", "race_minutes", "car_class_names", "car_names"),
)

READ = f"""
SELECT {", ".join(SESSION)} FROM upcoming_sessions(:since, :until)
WHERE (CAST(:series AS int[]) IS NULL OR series_id = ANY(:series))
  AND (CAST(:category AS text[]) IS NULL OR category = ANY(:category))
ORDER BY starts_at, series_name, season_id, race_week_num, is_super_session
"""


class SessionFilter(NamedTuple):
    """Which sessions are wanted, from `since` on and before `until`; of the others nothing leaves all."""

    since: datetime
    until: datetime
    series: Collection[int] = ()
    category: Collection[str] = ()


def read_sessions(connection: Connection, wanted: SessionFilter) -> list[Row]:
    """Return sessions by their start."""
    values = {"series": sorted(wanted.series) or None, "category": list(wanted.category) or None}
    return plain_rows(connection.execute(text(READ), values | {"since": wanted.since, "until": wanted.until}))
