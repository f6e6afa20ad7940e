"""Records as rows, sorted by table, and what the tables are to each other."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Table

from iracing_sync.records import UNSAID, Base, Record
from iracing_sync.result import MIRRORED_TABLES

Row = dict[str, Any]


@cache
def mirrored_tables() -> list[Table]:
    """Return the tables of records, parents first."""
    return [table for table in Base.metadata.sorted_tables if table.name in MIRRORED_TABLES]


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
    by_class: dict[type[Record], list[Record]] = defaultdict(list)
    for record in records:
        by_class[record.__class__].append(record)
    return {kind.__tablename__: rows_once(kind, found) for kind, found in by_class.items()}


def rows_once(kind: type[Record], records: Sequence[Record]) -> list[Row]:
    """Return the rows of records of one class, each key once."""
    key_of = key_getter(kind)
    if "is_stub" not in kind.__table__.columns:
        return list({key_of(row): row for row in map(as_row, records)}.values())
    found: dict[Any, Row] = {}
    for record in {id(record): record for record in records}.values():  # many rounds share a stub
        row = as_row(record)
        key = key_of(row)
        if key not in found or not row["is_stub"]:
            found[key] = row
    return list(found.values())


@cache
def key_getter(record: type[Record]) -> Callable[[Row], Any]:
    """Return what takes the key out of a row."""
    return itemgetter(*(column.name for column in record.__table__.primary_key))


def as_row(record: Record) -> Row:
    """Return the columns that a record says something of; the row is to be read only."""
    row = record.__dict__
    return row if record.__says_all__ else {name: value for name, value in row.items() if value is not UNSAID}
