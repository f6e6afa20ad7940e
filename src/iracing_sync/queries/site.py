"""What a site is made of: the quarters that are held, the series that have calendars, and when they changed."""

from sqlalchemy import Connection, text

from iracing_sync.quarters import Quarter
from iracing_sync.queries.rows import plain_rows
from iracing_sync.tables.rows import Row

QUARTERS = text("""
SELECT DISTINCT s.season_year, s.season_quarter FROM season s
WHERE EXISTS (SELECT FROM event e WHERE e.season_id = s.season_id AND e.starts_at IS NOT NULL)
ORDER BY 1 DESC, 2 DESC
""")

SERIES = text("SELECT series_id, name, category FROM series WHERE active ORDER BY name, series_id")

MADE_OF = text("""
WITH held AS (SELECT season_id, last_changed_at FROM season WHERE starts_at < :ends_at AND ends_at > :starts_at)
SELECT concat_ws(' ', CAST(:version AS text),
    (SELECT count(*) FROM held),
    (SELECT extract(epoch FROM max(e.last_changed_at)) FROM event e JOIN held USING (season_id)),
    (SELECT extract(epoch FROM max(last_changed_at)) FROM held),
    (SELECT max(c.change_id) FROM schedule_change c JOIN held USING (season_id)),
    (SELECT extract(epoch FROM max(last_changed_at)) FROM sim_layout),
    (SELECT extract(epoch FROM max(last_changed_at)) FROM sim_track),
    (SELECT extract(epoch FROM max(last_changed_at)) FROM sim_car))
""")


def held_quarters(connection: Connection) -> list[Quarter]:
    """Return the quarters of which seasons are stored with their rounds, the newest first."""
    return [Quarter(*row) for row in connection.execute(QUARTERS)]


def active_series(connection: Connection) -> list[Row]:
    """Return number, name and category of the series that are not retired."""
    return plain_rows(connection.execute(SERIES))


def made_of(connection: Connection, quarter: Quarter, version: str) -> str:
    """Return by what it is known that the page of a quarter would be the same again."""
    values = {"version": version, "starts_at": quarter.starts_at, "ends_at": quarter.ends_at}
    return str(connection.scalar(MADE_OF, values))
