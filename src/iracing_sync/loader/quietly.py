"""Updates that are no change of a row."""

from collections.abc import Sequence

from sqlalchemy import Column, Connection, Table, Text, and_, bindparam, cast, func, or_, update
from sqlalchemy.dialects.postgresql import JSONB

from iracing_sync.json_text import to_json
from iracing_sync.loader.rows import Row


def update_quietly(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Update volatile columns of rows that exist, where they differ; `last_changed_at` stays."""
    if not rows:
        return
    columns = [Column(name, table.c[name].type) for name in rows[0]]
    given = func.jsonb_to_recordset(cast(bindparam("rows", type_=Text), JSONB(none_as_null=True)))
    sent = given.table_valued(*columns, name="sent").render_derived(with_types=True).alias("sent_rows")
    names = [name for name in rows[0] if not table.c[name].primary_key]
    same = and_(*(column == sent.c[column.name] for column in table.primary_key))
    differs = or_(*(table.c[name].is_distinct_from(sent.c[name]) for name in names))
    statement = update(table).where(same, differs).values({name: sent.c[name] for name in names})
    connection.execute(statement, {"rows": to_json(rows)})
