"""What workers have to do, and what became of it."""

from collections.abc import Sequence

from sqlalchemy import Connection, text

from iracing_sync.locks import JOB_IS_HELD
from iracing_sync.queries.rows import plain_rows
from iracing_sync.tables.rows import Row

JOBS = text(f"""
SELECT key, kind, run_id, state, state = 'waiting' AND {JOB_IS_HELD} AS is_held, attempt, calls, not_before, put_at,
       published_at, finished_at, error, error_kind
FROM job WHERE CAST(:states AS text[]) IS NULL OR state = ANY(:states)
ORDER BY state = 'waiting' DESC, put_at DESC, key LIMIT :most
""")

COUNTS = text("SELECT state, count(*) FROM job GROUP BY state")


def read_jobs(connection: Connection, states: Sequence[str] | None, most: int) -> list[Row]:
    """Return jobs of some states or all, those that wait first, then the latest."""
    return plain_rows(connection.execute(JOBS, {"states": None if states is None else list(states), "most": most}))


def count_jobs(connection: Connection) -> dict[str, int]:
    """Return how many jobs wait, are done and have failed."""
    counted = {str(state): int(number) for state, number in connection.execute(COUNTS)}
    return {state: counted.get(state, 0) for state in ("waiting", "done", "failed")}
