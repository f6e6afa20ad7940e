"""Records to upserts that write only changed rows."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    FromClause,
    Table,
    Text,
    and_,
    bindparam,
    cast,
    delete,
    exists,
    func,
    literal_column,
    not_,
    null,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.exc import DBAPIError

from iracing_sync.errors import LoadError
from iracing_sync.records import MIRRORED, UNSAID, Base, Record
from iracing_sync.result import Counts

Row = dict[str, Any]


@dataclass
class Written:
    """What a load did: counts by table, and the seasons of which it wrote or took away a row."""

    counts: dict[str, Counts] = field(default_factory=lambda: defaultdict(Counts))
    season_ids: set[int] = field(default_factory=set)


def load(connection: Connection, records: Iterable[Record], run_id: UUID | None = None) -> Written:
    """Write records, parents first, and take away what is no longer in their sets.

    Raises LoadError where PostgreSQL refuses a row; the transaction is then the caller's to roll back.
    """
    by_table = rows_by_table(records)
    written = Written()
    try:
        for table in mirrored_tables():
            if rows := by_table.get(table.name):
                upsert(connection, table, rows, run_id, written)
        for table in mirrored_tables():
            remove_absent(connection, table, by_table, run_id, written)
    except DBAPIError as error:
        raise LoadError(f"PostgreSQL refuses a row: {str(error.orig).strip().partition(chr(10))[0]}") from error
    return written


@cache
def mirrored_tables() -> list[Table]:
    """Return the tables of records, parents first."""
    names = {record.__tablename__ for record in MIRRORED}
    return [table for table in Base.metadata.sorted_tables if table.name in names]


def rows_by_table(records: Iterable[Record]) -> dict[str, list[Row]]:
    """Sort records into rows by table, each key once; a full record beats a stub."""
    by_key: dict[str, dict[tuple[Any, ...], Row]] = defaultdict(dict)
    for record in records:
        table = record.__table__
        row = as_row(record)
        rows = by_key[table.name]  # type: ignore[attr-defined]
        key = tuple(row[column.name] for column in table.primary_key)
        if key not in rows or not row.get("is_stub", False):
            rows[key] = row
    return {name: list(rows.values()) for name, rows in by_key.items()}


def as_row(record: Record) -> Row:
    """Return the columns that a record says something of."""
    return {name: value for name, value in vars(record).items() if value is not UNSAID}


def upsert(connection: Connection, table: Table, rows: Sequence[Row], run_id: UUID | None, written: Written) -> None:
    """Insert what is new, update what differs, and count both."""
    groups: dict[tuple[tuple[str, ...], bool], list[Row]] = defaultdict(list)
    for row in rows:
        groups[tuple(row), row.get("is_stub", False)].append(row)
    for (names, is_stub), group in groups.items():
        statement = upsert_statement(table, names, is_stub=is_stub)
        done = connection.execute(statement, {"rows": as_json(group), "run_id": run_id}).all()
        inserted = sum(is_new for is_new, _ in done)
        unchanged = 0 if is_stub else len(group) - len(done)  # a stub that gives way is no row of the document's
        written.counts[table.name].add(Counts(inserted, len(done) - inserted, unchanged))
        written.season_ids.update(season_id for _, season_id in done if season_id is not None)


def as_json(rows: Sequence[Mapping[str, Any]]) -> str:
    """Write rows for jsonb_to_recordset."""
    return orjson.dumps(rows, default=str).decode()


def recordset(columns: Sequence[Column[Any]]) -> FromClause:
    """Return rows given as one JSON parameter `rows`, as a relation with these columns."""
    rows = cast(bindparam("rows", type_=Text), JSONB(none_as_null=True))
    typed = [Column(column.name, column.type) for column in columns]
    return func.jsonb_to_recordset(rows).table_valued(*typed, name="sent").render_derived(with_types=True)


@cache
def upsert_statement(table: Table, names: Sequence[str], *, is_stub: bool) -> Any:
    """Build the upsert of one table: it returns, per row written, whether that was inserted, and its season."""
    sent = recordset([table.c[name] for name in names])
    run = bindparam("run_id", type_=table.c.last_changed_run_id.type)
    statement = insert(table).from_select([*names, "last_changed_run_id"], select(*sent.c, run), include_defaults=False)
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
    return statement.returning(literal_column("(xmax = 0)::int"), season_of(table))


def season_of(table: Table) -> ColumnElement[Any]:
    """Return the column that says to which season a row belongs, null where none does."""
    return table.c["season_id"] if "season_id" in table.c else null()


def update_quietly(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Update volatile columns of rows that exist, where they differ; `last_changed_at` stays."""
    if not rows:
        return
    sent = recordset([table.c[name] for name in rows[0]]).alias("sent_rows")
    names = [name for name in rows[0] if not table.c[name].primary_key]
    same = and_(*(column == sent.c[column.name] for column in table.primary_key))
    differs = or_(*(table.c[name].is_distinct_from(sent.c[name]) for name in names))
    statement = update(table).where(same, differs).values({name: sent.c[name] for name in names})
    connection.execute(statement, {"rows": as_json(rows)})


def remove_absent(
    connection: Connection,
    table: Table,
    by_table: Mapping[str, Sequence[Row]],
    run_id: UUID | None,
    written: Written,
) -> None:
    """Take away the rows of a set whose owner came in full, but they did not.

    A round is marked as removed; what belongs to a round or a class is deleted.
    """
    owner = owner_of(table)
    owners = [row for row in by_table.get(owner.name, []) if not row.get("is_stub")] if owner is not None else []
    if owner is None or not owners:
        return
    keys = [{column.name: row[column.name] for column in table.primary_key} for row in by_table.get(table.name, [])]
    owner_keys = [{column.name: row[column.name] for column in owner.primary_key} for row in owners]
    sets = {"rows": as_json(keys), "owners": as_json(owner_keys)}
    run = {"run_id": run_id} if "removed_at" in table.c else {}
    season_ids = connection.execute(removal(table, owner), sets | run).scalars().all()
    if season_ids:
        written.counts[table.name].removed += len(season_ids)
        written.season_ids.update(season_id for season_id in season_ids if season_id is not None)


@cache
def removal(table: Table, owner: Table) -> Any:
    """Build the statement that takes away what is absent from its set, and returns of each row its season."""
    absent = absent_rows(table, owner)
    if "removed_at" not in table.c:
        return delete(table).where(absent).returning(season_of(table))
    run = bindparam("run_id", type_=table.c.last_changed_run_id.type)
    marks = {"removed_at": func.now(), "last_changed_at": func.now(), "last_changed_run_id": run}
    return update(table).where(absent, table.c.removed_at.is_(None)).values(marks).returning(season_of(table))


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


def absent_rows(table: Table, owner: Table) -> ColumnElement[bool]:
    """Return the condition: the owner is among `owners`, the row itself is not among `rows`."""
    sent = recordset(list(table.primary_key)).alias("sent_rows")
    owners = func.jsonb_to_recordset(cast(bindparam("owners", type_=Text), JSONB))
    owner_keys = owners.table_valued(
        *(Column(column.name, column.type) for column in owner.primary_key), name="owner"
    ).render_derived(with_types=True)
    own = tuple_(*(table.c[column.name] for column in owner.primary_key))
    same = and_(*(table.c[column.name] == sent.c[column.name] for column in table.primary_key))
    return and_(own.in_(select(*owner_keys.c)), not_(exists(select(1).select_from(sent).where(same))))
