"""The rounds of a week or of a quarter, with what a racer wants to know of each."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

from iracing_sync.quarters import WEEK, Quarter, week_start
from iracing_sync.queries.rows import plain_rows
from iracing_sync.tables.rows import Row

ROUND = (
    *("event_id", "series_id", "series_name", "season_id", "season_name", "race_week_num", "rounds", "starts_at"),
    *("ends_at", "next_starts_at", "track_id", "track_name", "config_name", "package_id", "race_laps", "race_minutes"),
    *("session_minutes", "category", "license_group", "official", "fixed_setup", "precip_chance_pct", "has_changed"),
    *("car_class_ids", "car_class_names", "car_ids", "car_names"),
)
"""What is told of a round; `rounds` is how many its season has, `has_changed` of the last seven days."""

COLUMNS = ", ".join(f"w.{name}" for name in ROUND if name not in ("rounds", "next_starts_at", "has_changed"))

READ = """
SELECT {columns}, schedule.rounds, next.starts_at AS next_starts_at, schedule.same,
       EXISTS (SELECT FROM schedule_change c WHERE c.season_id = w.season_id AND w.race_week_num = ANY(c.rounds)
               AND c.severity <> 'low' AND c.at <= :at AND c.at > :at - interval '7 days') AS has_changed
FROM {source} w
JOIN LATERAL (
    SELECT count(*) AS rounds, md5(string_agg(concat_ws(' ', e.race_week_num, e.track_id, e.starts_at), ','
                                              ORDER BY e.race_week_num)) AS same
    FROM event e WHERE e.season_id = w.season_id AND e.removed_at IS NULL
) AS schedule ON true
LEFT JOIN (
    SELECT event_id, min(starts_at) AS starts_at FROM upcoming_sessions(:since, :until) GROUP BY event_id
) AS next ON next.event_id = w.event_id
WHERE w.season_status IS DISTINCT FROM 'withdrawn' AND w.season_missing_since IS NULL AND {conditions}
ORDER BY w.category, w.series_name, w.season_id, w.race_week_num
"""

CONDITIONS = {
    "series": "w.series_id = ANY(:series)",
    "category": "w.category = ANY(:category)",
    "license": "w.license_group = ANY(:license)",
    "official": "w.official = :official",
    "fixed": "w.fixed_setup = :fixed",
    "cars": "w.car_ids && CAST(:cars AS int[])",
    "tracks": "w.track_id = ANY(:tracks)",
    "owned_tracks": "w.package_id = ANY(:owned_tracks)",
    "owned_cars": "EXISTS (SELECT FROM sim_car c WHERE c.car_id = ANY(w.car_ids) AND c.package_id = ANY(:owned_cars))",
    "rain": "(coalesce(w.precip_chance_pct, 0) > 0) = :rain",
}
"""By the name of a filter: what must hold of a round."""

IN_QUARTER = "w.starts_at < :quarter_ends_at AND w.ends_at > :quarter_starts_at"
TAGGED = "w.season_year = :year AND w.season_quarter = :number"


class ScheduleFilter(NamedTuple):
    """Which rounds are wanted: those of a week, or of a quarter; of the others None or nothing leaves all.

    `is_tag` wants all rounds of the seasons that began in the quarter. `license` are groups from 1, rookie, on; what is
    owned are packages: of the track, and of at least one of the cars.
    """

    at: datetime
    week: datetime | None = None
    quarter: Quarter | None = None
    is_tag: bool = False
    series: Collection[int] = ()
    category: Collection[str] = ()
    license: Collection[int] = ()
    official: bool | None = None
    fixed: bool | None = None
    cars: Collection[int] = ()
    tracks: Collection[int] = ()
    rain: bool | None = None
    owned_tracks: Collection[int] = ()
    owned_cars: Collection[int] = ()

    def values(self) -> dict[str, Any]:
        """Return the filters that are given."""
        every = {name: getattr(self, name) for name in CONDITIONS}
        return {
            name: sorted(value) if isinstance(value, Collection) else value
            for name, value in every.items()
            if not (value is None or (isinstance(value, Collection) and not value))
        }


def read_schedule(connection: Connection, wanted: ScheduleFilter) -> list[Row]:
    """Return rounds by category, series and week; `same` is alike where all rounds of two seasons are."""
    values = wanted.values()
    conditions = [CONDITIONS[name] for name in values]
    source = "week_schedule(:week)"
    since, until = wanted.at, wanted.at + WEEK
    if wanted.quarter:
        source = "event_schedule"
        conditions.append(TAGGED if wanted.is_tag else IN_QUARTER)
        quarter = wanted.quarter
        values |= {"year": quarter.year, "number": quarter.number}
        values |= {"quarter_starts_at": quarter.starts_at, "quarter_ends_at": quarter.ends_at}
    elif wanted.week:
        start = week_start(wanted.week)
        since, until = max(wanted.at, start), start + WEEK
        values["week"] = wanted.week
    query = text(READ.format(columns=COLUMNS, source=source, conditions=" AND ".join(conditions) or "true"))
    return plain_rows(connection.execute(query, values | {"at": wanted.at, "since": since, "until": until}))


def rounds_as_told(rounds: Iterable[Row]) -> list[Row]:
    """Return rounds without what only tells which are alike."""
    return [{name: row[name] for name in ROUND} for row in rounds]


def newest_week(connection: Connection, series: Collection[int] = ()) -> datetime | None:
    """Return when the newest week begins of which rounds are stored, of some series or of all, None without any."""
    newest = text(
        "SELECT week_start(max(starts_at)) FROM event_schedule "
        "WHERE season_status IS DISTINCT FROM 'withdrawn' AND season_missing_since IS NULL "
        "AND (CAST(:series AS int[]) IS NULL OR series_id = ANY(:series))"
    )
    found: datetime | None = connection.execute(newest, {"series": sorted(series) or None}).scalar_one()
    return found


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
