"""COPY, in text form: the fastest way into PostgreSQL."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, time
from typing import Any

import psycopg
from sqlalchemy import ARRAY, TIMESTAMP, Connection, Date, Table, Time
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine

from iracing_sync.errors import DatabaseError, LoadError
from iracing_sync.json_text import json_again
from iracing_sync.tables.rows import Row


def copy_rows(connection: Connection, table: Table, into: str, rows: Sequence[Row], shared: Mapping[str, Any]) -> None:
    """Send rows that say something of the same columns of `table`, and what they share, into it or one like it.

    Raises LoadError where PostgreSQL does not take a value.
    """
    names = tuple(rows[0])
    columns = ", ".join(f'"{name}"' for name in (*names, *shared))
    driver: Any = connection.connection.driver_connection
    try:
        with driver.cursor().copy(f"COPY {into} ({columns}) FROM STDIN") as copy:
            for values in sent_values(table, names, rows, list(shared.values())):
                copy.write_row(values)
    except psycopg.Error as error:
        raise load_error(error) from error


OF_A_ROW = (psycopg.DataError, psycopg.IntegrityError)
"""What is wrong with a row; all else is wrong with the database, or with the way to it."""


def load_error(error: BaseException | None) -> LoadError | DatabaseError:
    """Return what PostgreSQL says of a row that it refuses, or why it takes none, in one line."""
    said = str(error).strip().partition("\n")[0]
    if isinstance(error, OF_A_ROW):
        return LoadError(f"PostgreSQL refuses a row: {said}")
    return DatabaseError(f"the database failed while rows were loaded: {said}")


def sent_values(table: Table, names: Sequence[str], rows: Iterable[Row], shared: Sequence[Any]) -> Iterator[list[Any]]:
    """Yield the values of each row; those that psycopg writes slowly are written out."""
    kinds = (writer_of(table.c[name].type) for name in names)
    writers = [(place, write) for place, write in enumerate(kinds) if write]
    for row in rows:
        values = [*row.values(), *shared]
        for place, write in writers:
            if (value := values[place]) is not None:
                values[place] = write(value)
        yield values


def writer_of(kind: TypeEngine[Any]) -> Callable[[Any], str] | None:
    """Return what writes a value of a type, None where psycopg does it faster."""
    if isinstance(kind, JSONB):
        return json_again
    if isinstance(kind, ARRAY):
        return array_text
    return moment_text if isinstance(kind, TIMESTAMP | Date | Time) else None


def moment_text(value: date | time) -> str:
    """Write a day, a time of day or an instant."""
    return value.isoformat()


def array_text(values: Iterable[Any]) -> str:
    """Write a list of numbers or instants, whose text holds nothing that would need quotes."""
    return f"{{{','.join(map(str, values))}}}"
