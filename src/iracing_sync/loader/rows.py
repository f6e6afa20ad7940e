"""Records as rows, sorted by table, each key once."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from operator import itemgetter
from typing import Any

from iracing_sync.tables.base import UNSAID, Record
from iracing_sync.tables.rows import Row


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
