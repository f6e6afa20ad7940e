"""Rows on their way: copied into temporary tables, from which one statement per table takes them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

import psycopg
from sqlalchemy import Column, Connection, MetaData, SmallInteger, Table
from sqlalchemy.dialects.postgresql import JSONB, dialect
from sqlalchemy.schema import CreateTable

from iracing_sync.errors import LoadError
from iracing_sync.json_text import to_json
from iracing_sync.loader.rows import Row

BATCH = "batch"
"""The column that tells the rows of one batch from those of another."""


class Batch(NamedTuple):
    """Rows of one table that say something of the same columns."""

    number: int
    names: tuple[str, ...]
    is_stub: bool
    size: int


@cache
def staging_of(table: Table) -> Table:
    """Return the temporary table that takes the rows of a table: its columns, without keys and rules."""
    columns = [Column(column.name, column.type) for column in table.columns]
    return Table(
        f"sent_{table.name}",
        MetaData(),
        *columns,
        Column(BATCH, SmallInteger),
        prefixes=["TEMPORARY"],
        postgresql_on_commit="DELETE ROWS",
    )


@cache
def emptied(table: Table) -> str:
    """Return the statements after which the temporary table is there and empty."""
    staging = staging_of(table)
    created = CreateTable(staging, if_not_exists=True).compile(dialect=dialect())  # type: ignore[no-untyped-call]
    return f"{created}; DELETE FROM {staging.name}"


def stage(connection: Connection, table: Table, rows: Sequence[Row]) -> list[Batch]:
    """Copy rows of one table to where statements can take them, and return their batches.

    Raises LoadError where PostgreSQL does not take a value.
    """
    connection.exec_driver_sql(emptied(table))
    groups: dict[tuple[tuple[str, ...], bool], list[Row]] = defaultdict(list)
    for row in rows:
        groups[tuple(row), row.get("is_stub", False)].append(row)
    batches = [
        Batch(number, names, is_stub, len(group)) for number, ((names, is_stub), group) in enumerate(groups.items())
    ]
    for batch, group in zip(batches, groups.values(), strict=True):
        copy_rows(connection, table, batch, group)
    return batches


def copy_rows(connection: Connection, table: Table, batch: Batch, rows: Iterable[Row]) -> None:
    """Send the rows of one batch by COPY."""
    columns = ", ".join(f'"{name}"' for name in (*batch.names, BATCH))
    driver: Any = connection.connection.driver_connection
    try:
        with driver.cursor().copy(f"COPY {staging_of(table).name} ({columns}) FROM STDIN") as copy:
            for values in sent_values(table, batch, rows):
                copy.write_row(values)
    except psycopg.Error as error:
        raise LoadError(f"PostgreSQL refuses a row: {str(error).strip().partition(chr(10))[0]}") from error


def sent_values(table: Table, batch: Batch, rows: Iterable[Row]) -> Iterator[list[Any]]:
    """Yield the values of each row as COPY takes them, JSON written out."""
    json_names = {name for name in batch.names if isinstance(table.c[name].type, JSONB)}
    places = [place for place, name in enumerate(batch.names) if name in json_names]
    for row in rows:
        values = [*row.values(), batch.number]
        for place in places:
            if values[place] is not None:
                values[place] = to_json(values[place])
        yield values
