"""Records as rows, sorted by table, and what the tables are to each other."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Table

from iracing_sync.records import MIRRORED, UNSAID, Base, Record

Row = dict[str, Any]


@cache
def mirrored_tables() -> list[Table]:
    """Return the tables of records, parents first."""
    names = {record.__tablename__ for record in MIRRORED}
    return [table for table in Base.metadata.sorted_tables if table.name in names]


@cache
def owner_of(table: Table) -> Table | None:
    """Return the table whose rows own sets of this one's."""
    name = record_of(table).__set_of__
    return Base.metadata.tables[name] if name else None


@cache
def record_of(table: Table) -> type[Record]:
    """Return the class of a table's records."""
    [record] = [mapper.class_ for mapper in Base.registry.mappers if mapper.local_table is table]
    return record


def rows_by_table(records: Iterable[Record]) -> dict[str, list[Row]]:
    """Sort records into rows by table, each key once; a full record beats a stub."""
    by_key: dict[str, dict[Any, Row]] = defaultdict(dict)
    for record in records:
        row = as_row(record)
        key_of, rows = key_getter(type(record)), by_key[record.__tablename__]
        key = key_of(row)
        if key not in rows or not row.get("is_stub", False):
            rows[key] = row
    return {name: list(rows.values()) for name, rows in by_key.items()}


@cache
def key_getter(record: type[Record]) -> Callable[[Row], Any]:
    """Return what takes the key out of a row."""
    return itemgetter(*(column.name for column in record.__table__.primary_key))


def as_row(record: Record) -> Row:
    """Return the columns that a record says something of; the row is to be read only."""
    row = vars(record)
    return row if record.__says_all__ else {name: value for name, value in row.items() if value is not UNSAID}
