"""The rounds of a calendar, and the sessions."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, text


class CalendarFilter(NamedTuple):
    """Which rounds a calendar holds, seen from a moment; without series or category, all."""

    at: datetime
    series: Collection[int] = ()
    category: str | None = None

    def values(self) -> dict[str, Any]:
        """Return the parameters of the queries."""
        return {"at": self.at, "series": sorted(self.series) or None, "category": self.category}


class CalendarRow(NamedTuple):
    """A round or a session; `ends_at` of a round is when its last session starts, or a moment before its end.

    `slot` is of a session only: which descriptor tells of it, which of its days, which session of that day.
    """

    season_id: int
    race_week_num: int
    series_name: str
    season_name: str
    track_name: str
    config_name: str | None
    race_laps: int | None
    race_minutes: int | None
    category: str | None
    starts_at: datetime
    ends_at: datetime
    is_cancelled: bool
    times_changed: int
    last_changed_at: datetime
    slot: str | None = None


ROUNDS = text("""
WITH round AS (
    SELECT e.*, r.name AS series_name, s.name AS season_name, l.name AS track_name, l.config_name, s.series_id,
           s.ends_at AS season_ends_at,
           CASE WHEN e.category = 'road' AND r.category IN ('sports_car', 'formula_car') THEN r.category
                ELSE e.category END AS told_category,
           (e.removed_at IS NOT NULL OR s.status IS NOT DISTINCT FROM 'withdrawn') AS is_cancelled,
           (SELECT max(t.session_minutes) FROM event_time t WHERE t.season_id = e.season_id
            AND t.race_week_num = e.race_week_num AND t.kind = 'race') AS session_minutes
    FROM event e
    JOIN season s ON s.season_id = e.season_id
    JOIN series r ON r.series_id = s.series_id
    JOIN sim_layout l ON l.track_id = e.track_id
    WHERE e.starts_at IS NOT NULL AND e.ends_at IS NOT NULL
)
SELECT season_id, race_week_num, series_name, season_name, track_name, config_name, race_laps, race_minutes,
       told_category, starts_at,
       greatest(starts_at, ends_at - make_interval(mins => greatest(session_minutes, 1))) AS ends_at,
       is_cancelled, times_changed, last_changed_at
FROM round
WHERE CASE WHEN is_cancelled THEN ends_at ELSE greatest(ends_at, season_ends_at) END > :at
  AND (CAST(:series AS int[]) IS NULL OR series_id = ANY(:series))
  AND (CAST(:category AS text) IS NULL OR told_category = :category)
ORDER BY starts_at, season_id, race_week_num
""")

SESSIONS = text("""
SELECT DISTINCT ON (u.starts_at, u.season_id, u.race_week_num, u.is_super_session)
       u.season_id, u.race_week_num, u.series_name, u.season_name, u.track_name, u.config_name, u.race_laps,
       u.race_minutes, u.category, u.starts_at, coalesce(u.ends_at, u.starts_at) AS ends_at, false,
       e.times_changed, e.last_changed_at, concat_ws('-', u.time_ordinal, u.day_ordinal, u.session_ordinal)
FROM upcoming_sessions(week_start(:at), 'infinity') u
JOIN event e ON e.season_id = u.season_id AND e.race_week_num = u.race_week_num
WHERE (CAST(:series AS int[]) IS NULL OR u.series_id = ANY(:series))
  AND (CAST(:category AS text) IS NULL OR u.category = :category)
ORDER BY u.starts_at, u.season_id, u.race_week_num, u.is_super_session, u.time_ordinal, u.day_ordinal, u.session_ordinal
""")


def read_rounds(connection: Connection, wanted: CalendarFilter) -> list[CalendarRow]:
    """Return the rounds of the seasons that are not over, and what is cancelled until its window is over."""
    return [CalendarRow(*row) for row in connection.execute(ROUNDS, wanted.values())]


def read_sessions(connection: Connection, wanted: CalendarFilter) -> list[CalendarRow]:
    """Return the race sessions from the beginning of iRacing's week on."""
    return [CalendarRow(*row) for row in connection.execute(SESSIONS, wanted.values())]
