"""Stubs of what is stored change nothing; and nearly all that a season names is stored."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Column, Connection, func, literal, select, union_all

from iracing_sync.loader.rows import Row, mirrored_tables


def without_known_stubs(connection: Connection, by_table: Mapping[str, list[Row]]) -> Mapping[str, list[Row]]:
    """Leave out the stubs of what is stored; those of rounds, whose key is another, stay."""
    ids = {key: stub_ids(key, by_table[key.table.name]) for key in stub_keys() if key.table.name in by_table}
    queries = [
        select(literal(key.table.name), key).where(key == func.any(numbers)) for key, numbers in ids.items() if numbers
    ]
    if not queries:
        return by_table
    stored = set(map(tuple, connection.execute(union_all(*queries))))
    left = {
        key.table.name: [
            row
            for row in by_table[key.table.name]
            if not row["is_stub"] or (key.table.name, row[key.name]) not in stored
        ]
        for key in ids
    }
    return {name: rows for name, rows in {**by_table, **left}.items() if rows}


def stub_keys() -> list[Column[int]]:
    """Return the keys of the tables that hold stubs, those of one column."""
    keys = [list(table.primary_key) for table in mirrored_tables() if "is_stub" in table.c]
    return [key[0] for key in keys if len(key) == 1]


def stub_ids(key: Column[int], rows: Sequence[Row]) -> list[int]:
    """Return which stubs are among the rows of a table."""
    return [row[key.name] for row in rows if row["is_stub"]]
