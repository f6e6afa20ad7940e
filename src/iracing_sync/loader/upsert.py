"""The statements of a load, each built once: upserts that write only what differs, and the removal of what is gone."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Integer,
    Table,
    Text,
    and_,
    bindparam,
    cast,
    delete,
    distinct,
    exists,
    func,
    literal_column,
    not_,
    null,
    or_,
    select,
    true,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, insert

from iracing_sync.json_text import to_json
from iracing_sync.loader.staging import BATCH, staging_of
from iracing_sync.tables.events import MOST_ROUNDS
from iracing_sync.tables.mirrored import record_of
from iracing_sync.tables.rows import Row


@cache
def upsert_statement(table: Table, names: Sequence[str], *, is_stub: bool) -> Any:
    """Build the upsert of one batch: it returns how many rows it inserted and wrote, of which seasons and rounds."""
    sent = staging_of(table)
    run = bindparam("run_id", type_=table.c.last_changed_run_id.type)
    taken = select(*(sent.c[name] for name in names), run).where(sent.c[BATCH] == bindparam("batch"))
    statement = insert(table).from_select([*names, "last_changed_run_id"], taken, include_defaults=False)
    changed = [name for name in names if not table.c[name].primary_key]
    compared = [name for name in changed if name not in record_of(table).__volatile__]
    if is_stub or not compared:
        statement = statement.on_conflict_do_nothing()
    else:
        statement = statement.on_conflict_do_update(
            index_elements=list(table.primary_key),
            set_={name: statement.excluded[name] for name in changed}
            | {"last_changed_at": func.now(), "last_changed_run_id": run},
            where=or_(*(table.c[name].is_distinct_from(statement.excluded[name]) for name in compared)),
        )
    is_new: ColumnElement[bool] = literal_column("xmax = 0", Boolean)
    done = statement.returning(
        is_new.label("is_new"), season_of(table).label("season_id"), round_of(table).label("event_id")
    ).cte("done")
    season_ids, event_ids = (
        func.array_agg(distinct(column)).filter(column.is_not(None)) for column in (done.c.season_id, done.c.event_id)
    )
    return select(func.count().filter(done.c.is_new), func.count(), season_ids, event_ids)


@cache
def removal(table: Table, owner: Table) -> Any:
    """Build the statement that takes away what is absent from its set, and returns of each row its season and round."""
    absent = absent_rows(table, owner)
    if "removed_at" not in table.c:
        return delete(table).where(absent).returning(season_of(table), round_of(table))
    run = bindparam("run_id", type_=table.c.last_changed_run_id.type)
    marks = {"removed_at": func.now(), "last_changed_at": func.now(), "last_changed_run_id": run}
    return (
        update(table)
        .where(absent, table.c.removed_at.is_(None))
        .values(marks)
        .returning(season_of(table), round_of(table))
    )


def absent_rows(table: Table, owner: Table) -> ColumnElement[bool]:
    """Return the condition: the owner came in full, the row itself did not come."""
    sent, owners = staging_of(table), staging_of(owner)
    is_full = owners.c["is_stub"].is_not(true()) if "is_stub" in owners.c else true()
    own = tuple_(*(table.c[column.name] for column in owner.primary_key))
    full = select(*(owners.c[column.name] for column in owner.primary_key)).where(is_full)
    same = and_(*(table.c[column.name] == sent.c[column.name] for column in table.primary_key))
    return and_(own.in_(full), not_(exists(select(1).select_from(sent).where(same))))


def season_of(table: Table) -> ColumnElement[Any]:
    """Return the column that says to which season a row belongs, null where none does."""
    return table.c["season_id"] if "season_id" in table.c else cast(null(), Integer)


def round_of(table: Table) -> ColumnElement[Any]:
    """Return the `event_id` of the round to which a row belongs, null where it belongs to none."""
    if "race_week_num" not in table.c:
        return cast(null(), BigInteger)
    return cast(table.c["season_id"], BigInteger) * MOST_ROUNDS + table.c["race_week_num"]


def update_volatile(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
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
