"""What the page of a season tells: the seasons of a quarter whole, with the names of all that they mention."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, text

from iracing_sync.content import Package
from iracing_sync.quarters import Quarter
from iracing_sync.queries.calendar import CalendarFilter, CalendarRow, read_rounds
from iracing_sync.queries.changes import ChangeFilter, read_changes
from iracing_sync.queries.content import read_packages
from iracing_sync.queries.quarter_filter import QuarterFilter
from iracing_sync.queries.rows import plain_rows
from iracing_sync.tables.rows import Row


class Page(NamedTuple):
    """The rows that a page is made of: of the seasons of which a session starts in the quarter.

    `rounds` are all of theirs, also those outside of the quarter.

    `events` are the same rounds as a calendar tells of them, and what is cancelled; `read_at` is when the last good run
    began, None where there was none.
    """

    quarter: Quarter
    read_at: datetime | None
    seasons: list[Row]
    rounds: list[Row]
    times: list[Row]
    restrictions: list[Row]
    layouts: list[Row]
    cars: list[Row]
    classes: list[Row]
    packages: Mapping[Package, Row]
    skus: Mapping[Package, list[int]]
    changes: list[Row]
    events: list[CalendarRow]


SEASONS = text("""
SELECT s.season_id, s.series_id, r.name AS series_name, s.name AS season_name, s.official, s.fixed_setup,
       s.license_group, s.driver_changes, s.max_weeks, s.drops, s.incident_limit, s.schedule_description
FROM season s JOIN series r ON r.series_id = s.series_id
WHERE s.status IS DISTINCT FROM 'withdrawn' AND s.missing_since IS NULL
  AND EXISTS (SELECT FROM event e WHERE e.season_id = s.season_id AND e.removed_at IS NULL
              AND e.starts_at < :ends_at AND e.ends_at > :starts_at
              AND greatest(e.starts_at, e.ends_at - make_interval(mins => greatest(1, (
                      SELECT max(t.session_minutes) FROM event_time t
                      WHERE t.season_id = e.season_id AND t.race_week_num = e.race_week_num AND t.kind = 'race'))))
                  >= :starts_at)
ORDER BY r.name, s.season_id
""")

ROUNDS = text("""
SELECT e.season_id, e.race_week_num, e.starts_at, e.ends_at, e.track_id, e.package_id AS track_package_id, e.category,
       e.race_laps, e.race_minutes, e.practice_minutes, e.qualify_minutes, e.session_minutes, e.start_type,
       e.precip_chance_pct, e.temp_c, e.temp_low_c, e.temp_high_c, e.simulated_start_at, e.car_class_ids, e.car_ids,
       ARRAY(SELECT DISTINCT c.package_id FROM sim_car c WHERE c.car_id = ANY(e.car_ids) AND c.package_id IS NOT NULL
             ORDER BY 1) AS car_package_ids,
       p.latitude, p.longitude, p.time_zone, w.weather_config
FROM event_schedule e
JOIN event w ON w.season_id = e.season_id AND w.race_week_num = e.race_week_num
LEFT JOIN sim_track p ON p.package_id = e.package_id
WHERE e.season_id = ANY(:seasons) ORDER BY e.season_id, e.race_week_num
""")

TIMES = text("""
SELECT season_id, race_week_num, ordinal, is_repeating, is_super_session, session_minutes, starts_on, day_offsets,
       first_session_at, repeat_minutes, end_offset_minutes, session_times
FROM event_time WHERE kind = 'race' AND season_id = ANY(:seasons) ORDER BY season_id, race_week_num, ordinal
""")

RESTRICTIONS = text("""
SELECT r.season_id, r.race_week_num, c.name AS car_name, r.max_fuel_fill_pct::float8 AS max_fuel_fill_pct,
       r.power_adjust_pct::float8 AS power_adjust_pct, r.weight_penalty_kg::float8 AS weight_penalty_kg,
       r.max_dry_tire_sets
FROM car_restriction r JOIN sim_car c ON c.car_id = r.car_id
WHERE r.season_id = ANY(:seasons) ORDER BY r.season_id, r.race_week_num, c.name
""")

LAYOUTS = text("""
SELECT track_id, name AS track_name, config_name, package_id, length_km, nominal_lap_seconds FROM sim_layout
WHERE track_id IN (SELECT track_id FROM event WHERE season_id = ANY(:seasons)) ORDER BY track_id
""")

CARS = text("""
SELECT car_id, name, abbreviation, package_id FROM sim_car
WHERE car_id IN (SELECT car_id FROM event_car WHERE season_id = ANY(:seasons)) ORDER BY car_id
""")

CLASSES = text("""
SELECT car_class_id, coalesce(name, 'class ' || car_class_id) AS name,
       ARRAY(SELECT m.car_id FROM car_class_member m WHERE m.car_class_id = k.car_class_id ORDER BY 1) AS car_ids
FROM car_class k
WHERE car_class_id IN (SELECT car_class_id FROM event_class WHERE season_id = ANY(:seasons)) ORDER BY car_class_id
""")

SKUS = text("""
SELECT 'track' AS kind, package_id, sku FROM sim_track WHERE sku IS NOT NULL
UNION
SELECT 'car', package_id, sku FROM sim_car WHERE sku IS NOT NULL AND package_id IS NOT NULL
ORDER BY 1, 2, 3
""")

READ_AT = text("""
SELECT max(started_at) FROM sync_run WHERE status = 'ok' AND (CAST(:at AS timestamptz) IS NULL OR started_at <= :at)
""")


def read_page(connection: Connection, quarter: Quarter, at: datetime | None) -> Page:
    """Return what a page of a quarter tells; seen from `at`, later changes are not there yet."""
    span = {"starts_at": quarter.starts_at, "ends_at": quarter.ends_at}
    seasons = plain_rows(connection.execute(SEASONS, span))
    wanted = {"seasons": [row["season_id"] for row in seasons]}
    rounds, times, restrictions, layouts, cars, classes = (
        plain_rows(connection.execute(query, wanted)) for query in (ROUNDS, TIMES, RESTRICTIONS, LAYOUTS, CARS, CLASSES)
    )
    return Page(
        quarter,
        connection.scalar(READ_AT, {"at": at}),
        seasons,
        *(rounds, times, restrictions, layouts, cars, classes),
        read_packages(connection),
        skus_of_packages(connection),
        read_changes(connection, ChangeFilter(at=at, quarter=QuarterFilter(quarter, is_tag=False), in_full=True)),
        events_of(connection, {*wanted["seasons"]}, quarter),
    )


def skus_of_packages(connection: Connection) -> dict[Package, list[int]]:
    """Return under which numbers iRacing's shop has the packages."""
    skus: dict[Package, list[int]] = {}
    for kind, package_id, sku in connection.execute(SKUS):
        skus.setdefault(Package(kind, package_id), []).append(sku)
    return skus


def events_of(connection: Connection, seasons: set[int], quarter: Quarter) -> list[CalendarRow]:
    """Return the rounds of seasons as a calendar tells of them."""
    every = read_rounds(connection, CalendarFilter(quarter.starts_at))
    return [row for row in every if row.season_id in seasons]
