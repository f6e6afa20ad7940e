"""What each table, view, column and function is, told to the database too."""

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import Connection, text

from iracing_sync.tables.views import FUNCTIONS, table_or_view

EVERYTHING = text("""
SELECT CASE WHEN c.relkind = 'v' THEN 'VIEW' ELSE 'TABLE' END AS kind, c.relname AS name, NULL AS column,
       obj_description(c.oid, 'pg_class') AS comment
FROM pg_class c WHERE c.relnamespace = to_regnamespace(:schema) AND c.relkind IN ('r', 'p', 'v')
UNION ALL
SELECT 'COLUMN', c.relname, a.attname, col_description(c.oid, a.attnum)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relnamespace = to_regnamespace(:schema) AND c.relkind IN ('r', 'p', 'v')
UNION ALL
SELECT 'FUNCTION', p.proname || '(' || oidvectortypes(p.proargtypes) || ')', NULL, obj_description(p.oid, 'pg_proc')
FROM pg_proc p WHERE p.pronamespace = to_regnamespace(:schema)
""")


VERSION_TABLE = "alembic_version"


class Described(NamedTuple):
    """Something in the schema that bears a comment; only a column has a `column`."""

    kind: str
    name: str
    column: str | None

    def in_sql(self) -> str:
        """Return its name as `COMMENT ON` takes it; that of a function holds its parameters."""
        name = self.name if self.kind == "FUNCTION" else f'"{self.name}"'
        return f'{self.kind} {name}."{self.column}"' if self.column else f"{self.kind} {name}"

    def in_words(self) -> str:
        """Return its name as people read it."""
        return f"{self.kind.lower()} {self.name}{f'.{self.column}' if self.column else ''}"

    def meaning(self) -> str | None:
        """Return what it is; None for what is not ours."""
        if self.kind == "FUNCTION":
            return FUNCTIONS.get(self.name.replace("timestamp with time zone", "timestamptz"))
        if self.name == VERSION_TABLE:
            return "The revision that the schema is at, as alembic keeps it: one row."
        if (table := table_or_view(self.name)) is None:
            return None
        return table.comment if self.column is None else getattr(table.c.get(self.column), "comment", None)


def comments(connection: Connection, schema: str) -> Iterator[tuple[Described, str, str | None]]:
    """Yield what there is of ours in a schema: what it is, and what the database says it is."""
    for kind, name, column, found in connection.execute(EVERYTHING, {"schema": f'"{schema}"'}):
        one = Described(kind, name, column)
        if wanted := one.meaning():
            yield one, wanted, found


def write_comments(connection: Connection, schema: str) -> None:
    """Tell the database what each table, view, column and function of ours is, where it says something else."""
    for one, wanted, found in comments(connection, schema):
        if wanted != found:
            quoted = wanted.replace("'", "''")
            connection.exec_driver_sql(f"COMMENT ON {one.in_sql()} IS '{quoted}'".replace("%", "%%"))
