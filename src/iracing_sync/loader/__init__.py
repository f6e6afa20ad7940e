"""Records to upserts that write only changed rows."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import Connection, Table
from sqlalchemy.exc import DBAPIError

from iracing_sync.errors import LoadError
from iracing_sync.loader.quietly import update_quietly
from iracing_sync.loader.rows import Row, as_row, mirrored_tables, owner_of, rows_by_table
from iracing_sync.loader.staging import stage
from iracing_sync.loader.statements import removal, upsert_statement
from iracing_sync.records import Record
from iracing_sync.result import Counts, Written

__all__ = ["as_row", "load", "rows_by_table", "update_quietly"]


def load(connection: Connection, records: Iterable[Record], run_id: UUID | None = None) -> Written:
    """Write records, parents first, and take away what is no longer in their sets.

    Raises LoadError where PostgreSQL refuses a row; the transaction is then the caller's to roll back.
    """
    by_table = rows_by_table(records)
    written = Written()
    try:
        for table in mirrored_tables():
            if table.name in by_table or is_owned_set(table, by_table):
                upsert(connection, table, by_table.get(table.name, []), run_id, written)
        for table in mirrored_tables():
            if is_owned_set(table, by_table):
                remove_absent(connection, table, run_id, written)
    except DBAPIError as error:
        raise LoadError(f"PostgreSQL refuses a row: {str(error.orig).strip().partition(chr(10))[0]}") from error
    return written


def is_owned_set(table: Table, by_table: Mapping[str, Sequence[Row]]) -> bool:
    """Tell whether a table holds sets of which an owner came in full."""
    owner = owner_of(table)
    return owner is not None and any(not row.get("is_stub") for row in by_table.get(owner.name, ()))


def upsert(connection: Connection, table: Table, rows: Sequence[Row], run_id: UUID | None, written: Written) -> None:
    """Insert what is new, update what differs, and count both."""
    for batch in stage(connection, table, rows):
        statement = upsert_statement(table, batch.names, is_stub=batch.is_stub)
        done = connection.execute(statement, {"batch": batch.number, "run_id": run_id}).all()
        inserted = sum(is_new for is_new, _ in done)
        own = 0 if batch.is_stub else batch.size  # a stub that gives way is no row of the document's
        written.counts[table.name].add(Counts(inserted, len(done) - inserted, max(0, own - len(done))))
        written.rows[table.name] += own
        written.season_ids.update(season_id for _, season_id in done if season_id is not None)


def remove_absent(connection: Connection, table: Table, run_id: UUID | None, written: Written) -> None:
    """Take away the rows of a set whose owner came in full, but they did not.

    A round is marked as removed; what belongs to a round or a class is deleted.
    """
    owner = owner_of(table)
    if owner is None:
        return
    run = {"run_id": run_id} if "removed_at" in table.c else {}
    season_ids = connection.execute(removal(table, owner), run).scalars().all()
    if season_ids:
        written.counts[table.name].removed += len(season_ids)
        written.season_ids.update(season_id for season_id in season_ids if season_id is not None)
