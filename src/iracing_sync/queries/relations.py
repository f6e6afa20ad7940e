"""The tables and views of the schema by name, with the types of their columns."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import NamedTuple

from sqlalchemy import Connection, text

from iracing_sync.errors import SettingsError


class Relation(NamedTuple):
    """A table or view; the PostgreSQL type of each column by its name, and what its rows are ordered by."""

    name: str
    types: Mapping[str, str]
    order: tuple[str, ...]


NAMES = text("""
SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v', 'm')
""")

COLUMNS = text("""
SELECT attname, atttypid::regtype::text FROM pg_attribute
WHERE attrelid = to_regclass(quote_ident(:name)) AND attnum > 0 AND NOT attisdropped ORDER BY attnum
""")

PRIMARY_KEY = text("""
SELECT a.attname FROM pg_index i CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k(number, place)
JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
WHERE i.indrelid = to_regclass(quote_ident(:name)) AND i.indisprimary ORDER BY k.place
""")

NUMBERS = ("season_id", "race_week_num", "time_ordinal", "day_ordinal", "session_ordinal", "series_id", "license_group")
"""By what the rows of a view are ordered, as far as it has these columns."""


def relation_named(connection: Connection, name: str) -> Relation:
    """Return a table or view; raises SettingsError, with the nearest name, where there is none of this name."""
    names = connection.scalars(NAMES).all()
    if name not in names:
        near = get_close_matches(name.casefold(), names, n=1, cutoff=0)
        hint = f"; the nearest is {near[0]}" if near else ""
        raise SettingsError(f"no table or view is called {name!r}{hint}")
    types = {str(column): str(kind) for column, kind in connection.execute(COLUMNS, {"name": name})}
    key = tuple(map(str, connection.scalars(PRIMARY_KEY, {"name": name})))
    return Relation(name, types, key or tuple(column for column in NUMBERS if column in types))
