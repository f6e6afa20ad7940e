"""Rows on their way: copied into temporary tables, from which one statement per table takes them."""

from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from sqlalchemy import Column, Connection, MetaData, SmallInteger, Table
from sqlalchemy.dialects.postgresql import dialect
from sqlalchemy.schema import CreateTable

from iracing_sync.loader.copy_rows import copy_rows
from iracing_sync.tables.rows import Row

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
def empty_staging(table: Table) -> str:
    """Return the statements after which the temporary table is there and empty."""
    staging = staging_of(table)
    created = CreateTable(staging, if_not_exists=True).compile(dialect=dialect())  # type: ignore[no-untyped-call]
    return f"{created}; DELETE FROM {staging.name}"


def stage(connection: Connection, table: Table, rows: Sequence[Row]) -> list[Batch]:
    """Copy rows of one table to where statements can take them, and return their batches.

    Raises LoadError where PostgreSQL does not take a value.
    """
    connection.exec_driver_sql(empty_staging(table))
    batches = []
    for number, ((names, is_stub), alike) in enumerate(alike_rows(rows).items()):
        copy_rows(connection, table, staging_of(table).name, alike, {BATCH: number})
        batches.append(Batch(number, names, is_stub, len(alike)))
    return batches


def alike_rows(rows: Sequence[Row]) -> dict[tuple[tuple[str, ...], bool], list[Row]]:
    """Put rows together that say something of the same columns; stubs apart."""
    groups: dict[tuple[tuple[str, ...], bool], list[Row]] = defaultdict(list)
    for row in rows:
        groups[tuple(row), row.get("is_stub", False)].append(row)
    return groups
