"""One season whole, and what else is known of its series."""

from datetime import datetime

from sqlalchemy import Connection, text

from iracing_sync.queries.rows import plain_rows
from iracing_sync.tables.rows import Row

SERIES = text("SELECT series_id, name AS series_name, category, retired_at FROM series WHERE series_id = :series")

SEASONS = text("""
SELECT s.season_id, s.name AS season_name, s.season_year, s.season_quarter, s.starts_at, s.ends_at, s.status,
       s.official, s.fixed_setup, s.multiclass, s.driver_changes, s.license_group, s.max_weeks, s.drops,
       s.incident_limit, s.schedule_description, s.is_stub,
       (SELECT count(*) FROM event e WHERE e.season_id = s.season_id AND e.removed_at IS NULL) AS rounds
FROM season s WHERE s.series_id = :series ORDER BY s.starts_at DESC NULLS LAST, s.season_id DESC
""")

ROUNDS = text("""
SELECT e.event_id, e.race_week_num, e.starts_at, e.ends_at, e.track_id, e.track_name, e.config_name, e.category,
       e.race_laps, e.race_minutes, e.practice_minutes, e.qualify_minutes, e.session_minutes, e.start_type,
       e.precip_chance_pct, e.temp_c, e.temp_low_c, e.temp_high_c, e.simulated_start_at,
       e.car_class_ids, e.car_class_names, e.car_ids, e.car_names,
       (SELECT coalesce(jsonb_agg(jsonb_build_object(
            'car_id', r.car_id, 'car_name', c.name, 'max_fuel_fill_pct', r.max_fuel_fill_pct::float8,
            'power_adjust_pct', r.power_adjust_pct::float8, 'weight_penalty_kg', r.weight_penalty_kg::float8,
            'max_dry_tire_sets', r.max_dry_tire_sets) ORDER BY c.name), '[]')
        FROM car_restriction r JOIN sim_car c ON c.car_id = r.car_id
        WHERE r.season_id = e.season_id AND r.race_week_num = e.race_week_num) AS restrictions
FROM event_schedule e WHERE e.season_id = :season ORDER BY e.race_week_num
""")

CHANGES = text("""
SELECT at, rounds, field, severity, sentence FROM schedule_change
WHERE season_id = :season AND at <= :at AND sentence IS NOT NULL ORDER BY at DESC, change_id
""")


def read_season(connection: Connection, series_id: int, at: datetime) -> Row:
    """Return a series with the season that runs at an instant, else the last or the next, whole, and its others.

    `season` is null where none is stored; its `changes` are newest first.
    """
    found = dict(connection.execute(SERIES, {"series": series_id}).mappings().one())
    seasons = plain_rows(connection.execute(SEASONS, {"series": series_id}))
    season = season_at(seasons, at)
    if season is None:
        return found | {"season": None, "earlier": []}
    values = {"season": season["season_id"], "at": at}
    whole = season | {
        "rounds": plain_rows(connection.execute(ROUNDS, values)),
        "changes": plain_rows(connection.execute(CHANGES, values)),
    }
    return found | {"season": whole, "earlier": [one for one in seasons if is_before(one, season)]}


def season_at(seasons: list[Row], at: datetime) -> Row | None:
    """Return of seasons, the newest first, the one that has begun at an instant, else the next to begin."""
    begun = [one for one in seasons if one["starts_at"] and one["starts_at"] <= at]
    return begun[0] if begun else seasons[-1] if seasons else None


def is_before(one: Row, season: Row) -> bool:
    """Tell whether a season began before another; one of which no start is known did."""
    return one["season_id"] != season["season_id"] and not (one["starts_at"] and one["starts_at"] > season["starts_at"])
