"""All that is stored of iRacing, to be compared."""

from typing import Any

import psycopg

from iracing_sync.tables.mirrored import mirrored_tables

OF_THE_RUN = {"first_seen_at", "last_changed_at", "last_changed_run_id"}


def mirrored_rows(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of the mirrored tables, without what tells of the run that wrote it."""
    found = {}
    with psycopg.connect(url.replace("+psycopg", "", 1), options="-c search_path=iracing") as connection:
        for table in mirrored_tables():
            names = ", ".join(column.name for column in table.columns if column.name not in OF_THE_RUN)
            rows = connection.execute(f"SELECT {names} FROM {table.name}").fetchall()
            found[table.name] = sorted(rows, key=repr)
    return found
