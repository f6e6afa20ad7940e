"""What a careful developer writes with SQLAlchemy Core: every row of every document through ON CONFLICT DO UPDATE.

Given the database and a folder of documents it maps them as we do and upserts a thousand rows at a time, parents first.
"""

import sys
from pathlib import Path
from typing import Any

from documents import records_of
from sqlalchemy import Connection, MetaData, Table
from sqlalchemy.dialects.postgresql import insert

from iracing_sync.database import connect
from iracing_sync.loader.rows import rows_by_table
from iracing_sync.tables.mirrored import mirrored_tables

AT_A_TIME = 1000


def main() -> None:
    """Upsert all rows in one transaction for each document."""
    engine = connect(sys.argv[1], sys.argv[2])
    tables = MetaData()
    tables.reflect(engine, schema=sys.argv[2])
    for records in records_of(Path(sys.argv[3])):
        by_table = rows_by_table(records)
        with engine.begin() as connection:
            for table in mirrored_tables():
                upsert(connection, tables.tables[f"{sys.argv[2]}.{table.name}"], by_table.get(table.name, []))


def upsert(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Write rows that say something of the same columns together."""
    alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in rows:
        alike.setdefault(tuple(row), []).append(row)
    for names, group in alike.items():
        statement = insert(table)
        changed = {name: statement.excluded[name] for name in names if not table.c[name].primary_key}
        keys = list(table.primary_key)
        upserted = statement.on_conflict_do_update(index_elements=keys, set_=changed) if changed else None
        for first in range(0, len(group), AT_A_TIME):
            connection.execute(
                statement.on_conflict_do_nothing() if upserted is None else upserted, group[first : first + AT_A_TIME]
            )


if __name__ == "__main__":
    main()
