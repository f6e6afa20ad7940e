"""How the tables stand: the last run, the last good one, what is stored."""

from datetime import datetime

from sqlalchemy import Connection, text

from iracing_sync.queries.runs import with_the_truth
from iracing_sync.tables.rows import Row

HOUR_SECONDS = 3600


RUNS_UNTIL = text("""
SELECT last.run_id, last.started_at, last.finished_at, last.status, last.exit_code, last.warnings,
       (SELECT max(started_at) FROM sync_run WHERE status = 'ok' AND started_at <= :until) AS last_good_at
FROM (SELECT 1) AS always
LEFT JOIN LATERAL (SELECT * FROM sync_run WHERE started_at <= :until ORDER BY started_at DESC LIMIT 1) AS last ON true
""")


def read_status(
    connection: Connection, schema: str, at: datetime, max_age_hours: float | None, *, until: datetime | None = None
) -> Row:
    """Return the view `sync_status` with what it means at an instant; `until` leaves out the runs that began later.

    `age_hours` is how long ago the last run began that went well; `is_fresh` is false where it is older than allowed or
    there is none, null where no age was given.
    """
    row = dict(connection.execute(text("SELECT * FROM sync_status")).mappings().one())
    if until:
        row |= dict(connection.execute(RUNS_UNTIL, {"until": until}).mappings().one())
    [row] = with_the_truth(connection, schema, [row])
    age = age_hours(row["last_good_at"], at)
    fresh = None if max_age_hours is None else age is not None and age <= max_age_hours
    return row | {"age_hours": age, "max_age_hours": max_age_hours, "is_fresh": fresh}


def age_hours(since: datetime | None, at: datetime) -> float | None:
    """Return the hours between two instants, None where there is no first one."""
    return None if since is None else round((at - since).total_seconds() / HOUR_SECONDS, 2)
