"""SQLAlchemy's ORM: each row is got by its key or made, one commit for each document."""

import sys
from pathlib import Path
from typing import Any

from documents import records_of
from sqlalchemy import MetaData
from sqlalchemy.orm import Session, registry

from iracing_sync.database import connect
from iracing_sync.loader.rows import rows_by_table
from iracing_sync.tables.mirrored import mirrored_tables


def main() -> None:
    """Write every row of every document."""
    engine = connect(sys.argv[1], sys.argv[2])
    tables = MetaData()
    tables.reflect(engine, schema=sys.argv[2])
    names = [table.name for table in mirrored_tables()]
    classes = {name: mapped(name, tables.tables[f"{sys.argv[2]}.{name}"]) for name in names}
    for records in records_of(Path(sys.argv[3])):
        by_table = rows_by_table(records)
        with Session(engine) as session, session.begin():
            for name, (kind, keys) in classes.items():
                for row in by_table.get(name, []):
                    write(session, kind, tuple(row[key] for key in keys), row)
                session.flush()


def mapped(name: str, table: Any) -> tuple[type[Any], list[str]]:
    """Return a class for a table, and its key."""
    kind = type(name, (), {})
    registry().map_imperatively(kind, table)
    return kind, [column.name for column in table.primary_key]


def write(session: Session, kind: type[Any], key: tuple[Any, ...], row: dict[str, Any]) -> None:
    """Get a row or make it, and set what is said of it; what is equal is not written."""
    found = session.get(kind, key)
    one = kind() if found is None else found
    for name, value in row.items():
        setattr(one, name, value)
    if found is None:
        session.add(one)


if __name__ == "__main__":
    main()
