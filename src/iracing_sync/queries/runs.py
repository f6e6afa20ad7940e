"""The runs: what each was asked, how it ended, and what it did."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

from iracing_sync.errors import SettingsError
from iracing_sync.locks import lock_holder
from iracing_sync.queries.rows import plain_rows
from iracing_sync.tables.rows import Row

RUN = (
    *("run_id", "started_at", "finished_at", "seconds", "status", "exit_code", "arguments", "version"),
    *("counters", "warnings"),
)
"""What is told of a run; `seconds` is null where it did not end, `counters` is as `run --json` prints it."""

READ = """
SELECT run_id::text, started_at, finished_at, extract(epoch FROM finished_at - started_at)::float8 AS seconds, status,
       exit_code, arguments, version, counters, coalesce(warnings, '[]') AS warnings
FROM sync_run
"""

LATEST = text(
    READ
    + """WHERE (CAST(:until AS timestamptz) IS NULL OR started_at <= :until)
  AND (CAST(:since AS timestamptz) IS NULL OR started_at >= :since)
  AND (NOT :failed OR status <> 'ok')
ORDER BY started_at DESC LIMIT :most"""
)

BEGINNING = text(READ + "WHERE run_id::text LIKE :beginning ORDER BY started_at DESC LIMIT 5")


class RunFilter(NamedTuple):
    """Which runs are wanted: those that began since an instant, and no later than another; None leaves all."""

    since: datetime | None = None
    until: datetime | None = None
    failed: bool = False
    most: int = 20


def read_runs(connection: Connection, schema: str, wanted: RunFilter) -> list[Row]:
    """Return runs, the newest first; one that failed is one that neither ended well nor is at work."""
    found = with_the_truth(connection, schema, plain_rows(connection.execute(LATEST, wanted._asdict())))
    return [row for row in found if not (wanted.failed and row["status"] == "running")]


def read_run(connection: Connection, schema: str, wanted: str, until: datetime | None = None) -> Row:
    """Return one run by its id or the beginning of it, or the last one; raises SettingsError for none or several."""
    if not wanted.strip():
        raise SettingsError("ID is blank: `iracing-sync runs` lists the runs")
    if wanted == "last":
        found = read_runs(connection, schema, RunFilter(until=until, most=1))
    else:
        beginning = wanted.lower().replace("\\", "").replace("%", "").replace("_", "")
        found = with_the_truth(
            connection, schema, plain_rows(connection.execute(BEGINNING, {"beginning": f"{beginning}%"}))
        )
    if not found and wanted == "last":
        raise SettingsError("there is no run yet: iracing-sync run")
    if not found:
        raise SettingsError(f"there is no run {wanted}: `iracing-sync runs` lists them")
    if len(found) > 1:
        ids = ", ".join(row["run_id"][:13] for row in found)
        raise SettingsError(f"{wanted} may be {ids}: give more of the id")
    return found[0]


def with_the_truth(connection: Connection, schema: str, runs: list[Row]) -> list[Row]:
    """Call a run aborted that seems to be running while nobody holds the lock: it was killed, or its server."""
    if all(row["status"] != "running" for row in runs) or lock_holder(connection, schema) is not None:
        return runs
    return [row | {"status": "aborted"} if row["status"] == "running" else row for row in runs]


def count_of(run: Row, *path: str) -> Any:
    """Return a number that a run counted, None where it came to none."""
    value: Any = run["counters"]
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value
