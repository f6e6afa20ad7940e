"""What the rounds of seasons need, and what it costs."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, text

from iracing_sync.content import Goal, Package, Week
from iracing_sync.queries.rows import plain_rows
from iracing_sync.tables.rows import Row

WEEKS = text("""
WITH season_of_series AS (
    SELECT DISTINCT ON (s.series_id) s.* FROM season s
    WHERE s.series_id = ANY(:series) AND NOT s.is_stub AND s.status IS DISTINCT FROM 'withdrawn'
      AND s.missing_since IS NULL AND s.ends_at > :at
    ORDER BY s.series_id, s.starts_at, s.season_id
)
SELECT s.series_id, r.name AS series_name, s.season_id, s.max_weeks, s.drops, e.race_week_num, e.starts_at, e.ends_at,
       l.package_id AS track_package_id,
       ARRAY(SELECT DISTINCT c.package_id FROM event_car k JOIN sim_car c ON c.car_id = k.car_id
             WHERE k.season_id = e.season_id AND k.race_week_num = e.race_week_num AND c.package_id IS NOT NULL
             ORDER BY 1) AS car_package_ids
FROM season_of_series s
JOIN series r ON r.series_id = s.series_id
JOIN event e ON e.season_id = s.season_id AND e.removed_at IS NULL
JOIN sim_layout l ON l.track_id = e.track_id
ORDER BY r.name, s.season_id, e.race_week_num
""")

PACKAGES = text("""
SELECT 'track' AS kind, package_id, name, price_usd::float8 AS price_usd,
       coalesce(is_free_with_subscription, false) AS is_free,
       coalesce(is_purchasable, true) AS is_purchasable
FROM sim_track
UNION ALL
SELECT 'car', package_id, string_agg(name, ', ' ORDER BY name), max(price_usd)::float8,
       bool_or(coalesce(is_free_with_subscription, false)), true
FROM sim_car WHERE package_id IS NOT NULL GROUP BY package_id
""")


def read_weeks(connection: Connection, series: Collection[int], at: datetime) -> list[Row]:
    """Return the rounds of the seasons of series that run at an instant or come next, with the packages they need."""
    return plain_rows(connection.execute(WEEKS, {"series": sorted(series), "at": at}))


def read_packages(connection: Connection) -> dict[Package, Row]:
    """Return what can be bought, in US list prices; cars of one package are bought together."""
    return {Package(row["kind"], row["package_id"]): row for row in plain_rows(connection.execute(PACKAGES))}


def is_for_sale(known: Row | None) -> bool:
    """Tell whether a package can be bought: what costs nothing and is not free comes with others."""
    return bool(known and known["is_purchasable"] and known["price_usd"])


def goal_of(rounds: Sequence[Row]) -> Goal:
    """Return the weeks of a season, and how many of them count."""
    weeks = [
        Week(
            Package("track", row["track_package_id"]),
            frozenset(Package("car", package_id) for package_id in row["car_package_ids"]),
        )
        for row in rounds
    ]
    counting = (rounds[0]["max_weeks"] or len(rounds)) - (rounds[0]["drops"] or 0)
    return Goal(weeks, max(0, min(counting, len(weeks))))
